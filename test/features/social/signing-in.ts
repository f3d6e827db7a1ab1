import type { Answer, Visitor } from '../../support/visitor.ts'
import type { LocalProvider } from './local-provider.ts'

export interface SignIn {
  /** What `POST /sign-in/social` is sent. */
  input?: object
  /** More in the query of the callback. */
  callback?: Record<string, string>
  path?: '/sign-in/social' | '/link-social'
}

/** Begins a sign-in, and has the user agree at the provider: the callback's path and query. */
export async function begin(visitor: Visitor, local: LocalProvider, { input, callback, path }: SignIn = {}) {
  const begun = await visitor.post(path ?? '/sign-in/social', { provider: 'local', callbackURL: '/home', ...input })
  if (begun.status !== 200) throw new Error(`${begun.status} ${begun.text}`)
  const { pathname, search } = new URL(local.agree(begun.body.url ?? '', callback))
  return { begun, callback: pathname.replace('/api/auth', '') + search }
}

/** A whole sign-in; the answer is that of the callback. */
export async function signIn(visitor: Visitor, local: LocalProvider, request: SignIn = {}): Promise<Answer> {
  return visitor.get((await begin(visitor, local, request)).callback)
}

/** Where an answer redirects to: status and address. */
export function redirection({ status, headers }: Answer): [number, string | null] {
  return [status, headers.get('location')]
}
