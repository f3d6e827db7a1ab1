import { oneTimeTokenClient } from 'better-auth/client/plugins'
import { oneTimeToken } from 'better-auth/plugins'
import { readString } from '../exchange.ts'
import { ann, pause, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side } from '../side.ts'

type Settings = NonNullable<Parameters<typeof oneTimeToken>[0]>

// Tokens of one form, which are named alike: the official server's own may have hyphens in them.
const generateToken = async () => crypto.randomUUID()

const withTokens = (given?: Settings): OptionSet => {
  const settings = { generateToken, ...given }
  return {
    build: mails => ({ emailAndPassword: withMail(mails), plugins: [oneTimeToken(settings)] }),
    ourPlugins: async () => [
      (await import('../../../routers/one-time-token/index.ts')).oneTimeToken(settings as object),
    ],
  }
}

const generate = '/one-time-token/generate'
const verify = '/one-time-token/verify'

interface TokenClient {
  generate(): Promise<unknown>
  verify(input: { token: string }): Promise<unknown>
}
const tokens = (client: unknown) => (client as { oneTimeToken: TokenClient }).oneTimeToken
const plugins = [oneTimeTokenClient()]

const plain: Scenario = {
  name: 'one-time-token',
  options: withTokens(),
  async run(side) {
    const browser = side.visitor()
    await browser.get('ott.no-session', generate)
    await browser.post('ott.sign-up', '/sign-up/email', ann)
    const made = await browser.client('ott.generate', client => tokens(client).generate(), plugins)
    const token = readString(made.json, 'token')
    const other = side.visitor()
    await other.client('ott.verify', client => tokens(client).verify({ token }), plugins)
    await other.get('ott.session', '/get-session')
    await side.visitor().client('ott.verify-again', client => tokens(client).verify({ token }), plugins)
    await other.post('ott.unknown', verify, { token: 'unknown' })
    await other.post('ott.empty', verify, {})
    await other.post('ott.number', verify, { token: 7 })
    await other.post('ott.no-body', verify, undefined)
    await other.get('ott.verify-get', verify)
    const last = readString((await browser.get('ott.last', generate)).json, 'token')
    await browser.post('ott.sign-out', '/sign-out', {})
    await side.visitor().post('ott.signed-out', verify, { token: last })
  },
}

const expiring: Scenario = {
  name: 'one-time-token-expired',
  options: withTokens({ expiresIn: 0.001 }),
  async run(side) {
    const browser = side.visitor()
    await browser.post('ott-expired.sign-up', '/sign-up/email', ann)
    const token = readString((await browser.get('ott-expired.generate', generate)).json, 'token')
    await pause(100)
    await side.visitor().post('ott-expired.verify', verify, { token })
    await side.visitor().post('ott-expired.verify-again', verify, { token })
  },
}

const closed: Scenario = {
  name: 'one-time-token-closed',
  options: withTokens({ disableClientRequest: true }),
  async run(side) {
    const browser = side.visitor()
    await browser.post('ott-closed.sign-up', '/sign-up/email', ann)
    await browser.get('ott-closed.generate', generate)
    await side.visitor().get('ott-closed.no-session', generate)
  },
}

async function handOver(side: Side, prefix: string): Promise<void> {
  const browser = side.visitor()
  const { headers } = await browser.post(`${prefix}.sign-up`, '/sign-up/email', ann)
  await browser.get(`${prefix}.get-session`, '/get-session')
  const token = readString((await browser.get(`${prefix}.generate`, generate)).json, 'token')
  await side.visitor().post(`${prefix}.verify`, verify, { token })
  const sent = headers['set-ott'] ?? 'none was sent'
  await side.visitor().post(`${prefix}.verify-sent`, verify, { token: sent })
}

const withHeader: Scenario = {
  name: 'one-time-token-header',
  options: withTokens({ setOttHeaderOnNewSession: true, storeToken: 'hashed' }),
  run: side => handOver(side, 'ott-header'),
}

const withoutCookie: Scenario = {
  name: 'one-time-token-without-cookie',
  options: withTokens({
    disableSetSessionCookie: true,
    generateToken: async ({ user }) => `made-for-${user.email}`,
    storeToken: { type: 'custom-hasher', hash: async token => `${token}-hashed` },
  }),
  run: side => handOver(side, 'ott-without-cookie'),
}

export const oneTimeTokenScenarios: Scenario[] = [plain, expiring, closed, withHeader, withoutCookie]
