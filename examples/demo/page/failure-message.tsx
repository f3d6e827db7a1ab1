import type { Failure } from './use-action.ts'

/** What the server refused, in its own words and with its code. The empty element stays, or nothing is announced. */
export function FailureMessage({ failure }: { failure: Failure | null }) {
  return (
    <div role="alert" className="failure-slot">
      {failure && (
        <p className="failure">
          {failure.message || 'The server gave no message.'}
          {(failure.code || failure.status) && <code>{failure.code ?? failure.status}</code>}
        </p>
      )}
    </div>
  )
}
