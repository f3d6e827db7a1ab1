import { createAuthClient } from 'better-auth/react'

/** The official client, unchanged: it finds the server at /api/auth of the page's own origin. */
export const authClient = createAuthClient()

export type SessionData = typeof authClient.$Infer.Session
