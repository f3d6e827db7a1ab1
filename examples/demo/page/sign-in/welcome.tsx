import type { ReactNode } from 'react'

/** The forms of somebody who is not signed in, with what this page is beside them. */
export function Welcome({ children }: { children: ReactNode }) {
  return (
    <div className="welcome">
      <div className="intro">
        <p className="tagline">Your own auth backend, running on this machine.</p>
        <p>
          This page talks to it with the official <code>better-auth</code> client, unchanged. Everything lives in one
          SQLite file, and mails land in the inbox on this page.
        </p>
        <p>The first account that is created becomes the admin.</p>
      </div>
      {children}
    </div>
  )
}
