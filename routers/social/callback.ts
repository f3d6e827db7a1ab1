import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { redirectTo } from '../../src/meta.ts'
import { endFlow } from '../../src/oauth-flow/state.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { addQuery, defaultErrorURL } from './addresses.ts'
import { type CallbackAnswer, completeFlow } from './complete.ts'
import { providerId } from './input.ts'

const answer = {
  code: z.string().max(8192).optional(),
  error: z.string().max(512).optional(),
  device_id: z.string().max(512).optional(),
  error_description: z.string().max(4096).optional(),
  state: z.string().max(512).optional(),
  user: z.string().max(8192).optional(),
  iss: z.string().max(2048).optional(),
}

const input = z.object({ id: providerId, ...answer })
const tags = ['Social sign-in']

export function callbackProcedures({ procedure }: ProcedureBuilder) {
  return {
    callback: procedure
      .public({
        rest: 'GET /callback/:id',
        operationId: 'callbackOAuth',
        summary: 'Where a provider sends the browser back to: signs in, or links the login',
        description: 'Redirects to the address that was given at the beginning, or to its error page with `error`.',
        redirect: true,
        sessionCookie: 'set',
        tags,
      })
      .input(input)
      .output(z.object({ url: z.string() }))
      .mutation(async ({ ctx: { auth }, input }) => redirectTo(await followCallback(auth, input))),

    callbackForm: procedure
      .public({
        rest: 'POST /callback/:id',
        operationId: 'callbackOAuthForm',
        summary: 'The same for providers that send a form',
        description: 'Redirects to the same address with the fields in its query: only then the browser sends cookies.',
        redirect: true,
        form: 'foreign',
        tags,
      })
      .input(input)
      .output(z.object({ url: z.string() }))
      .mutation(({ ctx: { auth }, input: { id, ...fields } }) => {
        const address = `${auth.baseURL}/callback/${encodeURIComponent(id)}`
        const query = new URLSearchParams({ ...given(fields), ...given(queryOf(auth)) })
        return redirectTo(`${address}?${query}`)
      }),
  }
}

async function followCallback(auth: AuthContext, { id, ...answer }: CallbackAnswer): Promise<string> {
  const fallback = defaultErrorURL(auth)
  // Not a mistake of ours: frontends look for this spelling.
  if (!answer.state) return addQuery(fallback, { state: 'state_not_found' })
  const flow = await endFlow(auth, { provider: id, state: answer.state })
  if (typeof flow === 'string') return addQuery(fallback, { error: flow })
  auth.seen.additionalData = flow.additionalData
  const end = await completeFlow(auth, flow, { id, ...answer })
  if ('url' in end) return end.url
  const { error, description } = end
  return addQuery(flow.errorURL ?? fallback, { error, ...(description && { error_description: description }) })
}

/** What the address of a form says goes before the form. */
function queryOf({ request }: AuthContext): Record<string, string> {
  return request ? Object.fromEntries(new URL(request.url).searchParams) : {}
}

function given(fields: Record<string, string | undefined>): Record<string, string> {
  const names = Object.keys(answer)
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value !== undefined && names.includes(name) ? [[name, value]] : [],
    ),
  )
}
