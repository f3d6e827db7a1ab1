import { bearer } from 'better-auth/plugins'
import { ann, password, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side } from '../side.ts'

type BearerSettings = Parameters<typeof bearer>[0]

const withBearer = (settings?: BearerSettings): OptionSet => ({
  build: mails => ({ emailAndPassword: withMail(mails), plugins: [bearer(settings)] }),
  ourPlugins: async () => [(await import('../../../routers/bearer/index.ts')).bearer(settings)],
})

async function signUp(side: Side, prefix: string) {
  const { headers, json } = await side.visitor().post(`${prefix}.sign-up`, '/sign-up/email', ann)
  return { signed: String(headers['set-auth-token']), raw: (json as { token: string }).token }
}

const carrying = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

const bearerScenario: Scenario = {
  name: 'bearer',
  options: withBearer(),
  async run(side) {
    const { signed, raw } = await signUp(side, 'bearer')
    const get = (step: string, authorization: string) =>
      side.visitor().get(`bearer.${step}`, '/get-session', { headers: { authorization } })
    await get('raw', `Bearer ${raw}`)
    await get('signed', `Bearer ${signed}`)
    await get('encoded', `Bearer ${encodeURIComponent(signed)}`)
    await get('lower-case', `bearer ${raw}`)
    await get('spaces', `Bearer   ${raw}  `)
    await get('basic', `Basic ${raw}`)
    await get('empty', 'Bearer ')
    await get('no-space', `Bearer${raw}`)
    await get('wrong-signature', `Bearer ${raw}.${'A'.repeat(43)}=`)
    await get('half-encoded', 'Bearer %E0%A4%A.x')
    await get('unknown', `Bearer ${'x'.repeat(32)}`)
    await side.visitor().get('bearer.list', '/list-sessions', carrying(raw))
    await side.visitor().get('bearer.list-unknown', '/list-sessions', carrying('x'.repeat(32)))
    await side.visitor().post('bearer.update-user', '/update-user', { name: 'Annie' }, carrying(raw))
    const other = side.visitor()
    await other.post('bearer.other', '/sign-up/email', { ...ann, email: 'ben@example.com' })
    await other.get('bearer.before-cookie', '/get-session', carrying(raw))
    await other.get('bearer.unverified-before-cookie', '/get-session', carrying(`${raw}.x`))
    await side.visitor().post('bearer.sign-in', '/sign-in/email', { email: ann.email, password })
    await side.visitor().post('bearer.sign-out', '/sign-out', {}, carrying(signed))
    await side.visitor().get('bearer.after-sign-out', '/get-session', carrying(raw))
  },
}

const bearerSigned: Scenario = {
  name: 'bearer-signed',
  options: withBearer({ requireSignature: true }),
  async run(side) {
    const { signed, raw } = await signUp(side, 'bearer-signed')
    await side.visitor().get('bearer-signed.raw', '/get-session', carrying(raw))
    await side.visitor().get('bearer-signed.signed', '/get-session', carrying(signed))
  },
}

export const bearerScenarios: Scenario[] = [bearerScenario, bearerSigned]
