import { type MouseEvent, type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react'

function subscribe(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  return () => window.removeEventListener('popstate', onChange)
}

/** The path of the address bar, followed through back and forward. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname)
}

/** Shows another view. With `replace` the one that is left cannot be gone back to. */
export function goTo(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') window.history.pushState(null, '', path)
  else window.history.replaceState(null, '', path)
  window.dispatchEvent(new PopStateEvent('popstate'))
}

type LinkProps = { to: string; look?: 'button'; isCurrent?: boolean; children: ReactNode }

/** A real link (it can be opened in a new tab) that changes the view without loading the page again. */
export function Link({ to, look, isCurrent, children }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    goTo(to)
  }
  return (
    <a href={to} className={look} aria-current={isCurrent ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}

/** The heading of a view. It takes the focus when the view appears, so that screen readers notice the change. */
export function ViewTitle({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} · Kernia demo`
    heading.current?.focus({ preventScroll: true })
  }, [children])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
