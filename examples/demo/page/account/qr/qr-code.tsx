import { qrModules } from './modules.ts'

const quietZone = 4

/** A text as a QR code: drawn here, since a secret must not be sent to somebody who draws. Too long a text has none. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = qrModules(text)
  if (!rows) return null
  const size = rows.length + 2 * quietZone
  const dark = rows.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? `M${x + quietZone} ${y + quietZone}h1v1h-1z` : [])),
  )
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join('')} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
