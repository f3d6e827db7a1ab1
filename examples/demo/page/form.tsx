import type { ReactNode, SubmitEvent } from 'react'
import { FailureMessage } from './failure-message.tsx'
import { SubmitButton } from './fields.tsx'
import type { Failure } from './use-action.ts'

export type FormValues = { text(name: string): string; isChecked(name: string): boolean; reset(): void }

type FormProps = {
  label: string
  /** `line`: fields and button beside each other. */
  look?: 'line'
  submit: string
  isBusy: boolean
  failure: Failure | null
  /** A second button that sends the same values to another end; `onSubmit` is told its name. */
  alternative?: { name: string; label: string; look?: 'danger' }
  onSubmit(values: FormValues, submitter: string): void
  children: ReactNode
}

/** A form whose values are read when it is sent; whatever was typed stays when the server refuses it. */
export function Form({ label, look, submit, isBusy, failure, alternative, onSubmit, children }: FormProps) {
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isBusy) return
    const form = event.currentTarget
    const data = new FormData(form)
    const values = {
      text: (name: string) => String(data.get(name) ?? ''),
      isChecked: (name: string) => data.has(name),
      reset: () => form.reset(),
    }
    onSubmit(values, event.nativeEvent.submitter?.getAttribute('value') ?? '')
  }
  return (
    <form className={look ? `form ${look}` : 'form'} aria-label={label} onSubmit={send}>
      {children}
      <FailureMessage failure={failure} />
      <SubmitButton isBusy={isBusy}>{submit}</SubmitButton>
      {alternative && (
        <button
          type="submit"
          value={alternative.name}
          className={`button ${alternative.look ?? ''}`}
          aria-disabled={isBusy}
        >
          {alternative.label}
        </button>
      )}
    </form>
  )
}
