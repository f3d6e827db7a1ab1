import type { AuthContext } from '../context.ts'
import type { ProcedureDeclaration } from '../meta.ts'
import { type CallbackFields, callbackFields } from '../oauth/callback-answer.ts'

/** What every procedure that takes such a form declares. */
export const formCallback = {
  summary: 'The same for providers that send a form',
  description: 'Redirects to the same address with the fields in its query: only then the browser sends cookies.',
  redirect: true,
  form: 'foreign',
} as const satisfies Partial<ProcedureDeclaration>

/**
 * Where a browser goes that a provider made send a form: to the same path, with the fields in the query. Only then it
 * sends cookies. What the address of the form says goes before the form.
 */
export function addressOfForm(auth: AuthContext, path: string, fields: CallbackFields): string {
  const query = new URLSearchParams({ ...given(fields), ...given(queryOf(auth)) })
  return `${auth.baseURL}${path}?${query}`
}

function queryOf({ url }: AuthContext): Record<string, string> {
  return url ? Object.fromEntries(url.searchParams) : {}
}

function given(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value !== undefined && Object.hasOwn(callbackFields, name) ? [[name, value]] : [],
    ),
  )
}
