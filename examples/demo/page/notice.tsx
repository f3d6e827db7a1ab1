export type NoticeText = { id: number; text: string } | null

/** Tells the user that something succeeded. */
export type Notify = (text: string) => void

/** Says what just succeeded. The live region stays in the document; only its text comes and goes. */
export function Notice({ notice, onClose }: { notice: NoticeText; onClose(): void }) {
  return (
    <div role="status" className="notice-slot">
      {notice && (
        <p className="notice" key={notice.id}>
          <span>{notice.text}</span>
          <button type="button" className="close" aria-label="Close this message" onClick={onClose}>
            ×
          </button>
        </p>
      )}
    </div>
  )
}
