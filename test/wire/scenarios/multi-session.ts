import { multiSessionClient } from 'better-auth/client/plugins'
import { multiSession } from 'better-auth/plugins'
import { readString } from '../exchange.ts'
import { ann, password, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'

type Settings = Parameters<typeof multiSession>[0]

const withSessions = (settings?: Settings): OptionSet => ({
  build: mails => ({ emailAndPassword: withMail(mails), plugins: [multiSession(settings)] }),
  ourPlugins: async () => [(await import('../../../routers/multi-session/index.ts')).multiSession(settings)],
})

const ben = { ...ann, name: 'Ben', email: 'ben@example.com' }
const cy = { ...ann, name: 'Cy', email: 'cy@example.com' }

async function signIn(browser: Visitor, step: string, path: string, body: object): Promise<string> {
  return readString((await browser.post(step, path, body)).json, 'token')
}

async function changing(side: Side): Promise<void> {
  const browser = side.visitor()
  await browser.get('multi.list-none', '/multi-session/list-device-sessions')
  const first = await signIn(browser, 'multi.sign-up', '/sign-up/email', ann)
  const device = (client: unknown) => (client as { multiSession: Device }).multiSession
  const plugins = [multiSessionClient()]
  // Of one: the official server lists several in no order.
  await browser.client('multi.list', client => device(client).listDeviceSessions(), plugins)
  const second = await signIn(browser, 'multi.second', '/sign-up/email', ben)
  await browser.client('multi.set-active', client => device(client).setActive({ sessionToken: first }), plugins)
  await browser.get('multi.is-active', '/get-session')
  await browser.post('multi.set-active-unknown', '/multi-session/set-active', { sessionToken: 'unknown' })
  await browser.post('multi.set-active-empty', '/multi-session/set-active', {})
  await browser.post('multi.revoke-unknown', '/multi-session/revoke', { sessionToken: 'unknown' })
  await browser.post('multi.revoke-empty', '/multi-session/revoke', {})
  await side.visitor().post('multi.revoke-no-session', '/multi-session/revoke', { sessionToken: first })
  await side.visitor().post('multi.set-active-stranger', '/multi-session/set-active', { sessionToken: first })
  await browser.client('multi.revoke-own', client => device(client).revoke({ sessionToken: first }), plugins)
  await browser.get('multi.next', '/get-session')
  await browser.post('multi.set-active-revoked', '/multi-session/set-active', { sessionToken: first })
  await browser.post('multi.revoke-last', '/multi-session/revoke', { sessionToken: second })
  await browser.get('multi.none-left', '/get-session')
}

interface Device {
  listDeviceSessions(): Promise<unknown>
  setActive(input: { sessionToken: string }): Promise<unknown>
  revoke(input: { sessionToken: string }): Promise<unknown>
}

async function replacing(side: Side): Promise<void> {
  const browser = side.visitor()
  const first = await signIn(browser, 'multi-again.first', '/sign-in/email', { email: ann.email, password })
  await signIn(browser, 'multi-again.second', '/sign-in/email', { email: ben.email, password })
  await signIn(browser, 'multi-again.replaces', '/sign-in/email', { email: ann.email, password })
  await browser.post('multi-again.replaced', '/multi-session/set-active', { sessionToken: first })
  const ended = await signIn(side.visitor(), 'multi-again.elsewhere', '/sign-in/email', { email: ann.email, password })
  await browser.post('multi-again.revoke-session', '/revoke-session', { token: ended })
  await browser.post('multi-again.sign-out', '/sign-out', {})
  await browser.get('multi-again.signed-out', '/multi-session/list-device-sessions')
  const forgetful = side.visitor()
  const credentials = { email: ben.email, password, rememberMe: false }
  await forgetful.post('multi-again.not-remembered', '/sign-in/email', credentials)
}

async function ending(side: Side): Promise<void> {
  const browser = side.visitor()
  const first = await signIn(browser, 'multi-end.first', '/sign-in/email', { email: ann.email, password })
  await signIn(browser, 'multi-end.second', '/sign-in/email', { email: ben.email, password })
  const elsewhere = side.visitor()
  await elsewhere.post('multi-end.elsewhere', '/sign-in/email', { email: ann.email, password })
  await elsewhere.post('multi-end.revoke', '/revoke-session', { token: first })
  await browser.get('multi-end.list', '/multi-session/list-device-sessions')
  await browser.post('multi-end.set-active', '/multi-session/set-active', { sessionToken: first })
}

const plain: Scenario = {
  name: 'multi-session',
  options: withSessions(),
  async run(side) {
    await changing(side)
    await replacing(side)
    await ending(side)
  },
}

const limited: Scenario = {
  name: 'multi-session-limited',
  options: withSessions({ maximumSessions: 1 }),
  async run(side) {
    const browser = side.visitor()
    for (const [index, person] of [ann, ben, cy].entries()) {
      await browser.post(`multi-limited.sign-up-${index}`, '/sign-up/email', person)
    }
    await browser.get('multi-limited.list', '/multi-session/list-device-sessions')
    await browser.get('multi-limited.current', '/get-session')
  },
}

export const multiSessionScenarios: Scenario[] = [plain, limited]
