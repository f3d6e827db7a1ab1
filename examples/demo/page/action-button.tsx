import type { ButtonHTMLAttributes } from 'react'

type ActionButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'disabled' | 'className'> & {
  look?: 'quiet' | 'danger' | 'quiet danger'
  isBusy?: boolean
}

/** A button that starts a call. */
export function ActionButton({ look, isBusy, onClick, ...button }: ActionButtonProps) {
  return (
    <button
      type="button"
      className={look ? `button ${look}` : 'button'}
      // Not `disabled` while busy: that would throw the keyboard focus away.
      aria-disabled={isBusy}
      onClick={isBusy ? undefined : onClick}
      {...button}
    />
  )
}
