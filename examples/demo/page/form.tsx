import type { ReactNode, SubmitEvent } from 'react'
import { FailureMessage } from './failure-message.tsx'
import { SubmitButton } from './fields.tsx'
import type { Failure } from './use-action.ts'

export type FormValues = { text(name: string): string; isChecked(name: string): boolean; reset(): void }

type FormProps = {
  label: string
  submit: string
  isBusy: boolean
  failure: Failure | null
  onSubmit(values: FormValues): void
  children: ReactNode
}

/** A form whose values are read when it is sent; whatever was typed stays when the server refuses it. */
export function Form({ label, submit, isBusy, failure, onSubmit, children }: FormProps) {
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isBusy) return
    const form = event.currentTarget
    const data = new FormData(form)
    onSubmit({
      text: name => String(data.get(name) ?? ''),
      isChecked: name => data.has(name),
      reset: () => form.reset(),
    })
  }
  return (
    <form className="form" aria-label={label} onSubmit={send}>
      {children}
      <FailureMessage failure={failure} />
      <SubmitButton isBusy={isBusy}>{submit}</SubmitButton>
    </form>
  )
}
