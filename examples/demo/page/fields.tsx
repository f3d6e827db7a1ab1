import { type InputHTMLAttributes, type SelectHTMLAttributes, useId, useState } from 'react'

type FieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> & { label: string; hint?: string }

export function Field({ label, hint, ...input }: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" aria-describedby={hint && `${id}-hint`} {...input} />
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export function PasswordField({ label, hint, ...input }: FieldProps) {
  const id = useId()
  const [isShown, setShown] = useState(false)
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input-with-button">
        <input
          id={id}
          className="input"
          type={isShown ? 'text' : 'password'}
          required
          spellCheck={false}
          autoCapitalize="none"
          aria-describedby={hint && `${id}-hint`}
          {...input}
        />
        <button
          type="button"
          className="inside-button"
          aria-pressed={isShown}
          aria-label={`Show ${label.toLowerCase()}`}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'}
        </button>
      </div>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** For the digits of a code that lives for some seconds or minutes. */
export function CodeField(props: FieldProps) {
  return <Field inputMode="numeric" autoComplete="one-time-code" pattern="[0-9]{6}" maxLength={6} required {...props} />
}

type SelectProps = Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id' | 'className'> & { label: string }

export function Select({ label, ...select }: SelectProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" {...select} />
    </div>
  )
}

export function Checkbox({ label, name, defaultChecked }: { label: string; name: string; defaultChecked?: boolean }) {
  return (
    <label className="checkbox">
      <input type="checkbox" name={name} defaultChecked={defaultChecked} />
      {label}
    </label>
  )
}

export function SubmitButton({ isBusy, children }: { isBusy: boolean; children: string }) {
  // Not `disabled` while busy: that would throw the keyboard focus away.
  return (
    <button type="submit" className="button primary" aria-disabled={isBusy}>
      {isBusy ? 'One moment…' : children}
    </button>
  )
}
