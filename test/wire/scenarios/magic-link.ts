import { magicLinkClient } from 'better-auth/client/plugins'
import { magicLink } from 'better-auth/plugins'
import { ann, pause, type Scenario, withMail } from '../scenario.ts'
import type { Mail, OptionSet } from '../servers.ts'
import type { Side } from '../side.ts'

const plugins = [magicLinkClient()]
const evil = 'https://evil.example/'

interface Settings {
  expiresIn?: number
  disableSignUp?: boolean
  rateLimit?: { window: number; max: number }
}

function withLinks(settings: Settings = {}, more: object = {}): OptionSet {
  const sendTo = (mails: Mail[]) => async (mail: object) => void mails.push({ kind: 'magic-link', ...mail })
  return {
    build: mails => ({
      emailAndPassword: withMail(mails),
      plugins: [magicLink({ ...settings, sendMagicLink: sendTo(mails) })],
      ...more,
    }),
    ourPlugins: async mails => [
      (await import('../../../routers/magic-link/index.ts')).magicLink({ ...settings, sendMagicLink: sendTo(mails) }),
    ],
  }
}

/** Has a link mailed and gives its path. */
async function mailed(side: Side, step: string, wish: object): Promise<string> {
  await side.visitor().post(step, '/sign-in/magic-link', { email: ann.email, ...wish })
  const { pathname, search } = new URL(String(side.lastMail().url))
  return pathname.replace('/api/auth', '') + search
}

const magicLinks: Scenario = {
  name: 'magic-link',
  options: withLinks(),
  async run(side) {
    await asking(side)
    const browser = side.visitor()
    const path = await mailed(side, 'magic.mail', {
      callbackURL: '/home?a=1',
      newUserCallbackURL: '/welcome',
      name: 'Ann',
    })
    await browser.get('magic.new-user', path)
    await browser.get('magic.session', '/get-session')
    await side.visitor().get('magic.again', path)
    await browser.get('magic.again-signed-in', path)
    const next = await mailed(side, 'magic.mail-next', { callbackURL: '/home?a=1', newUserCallbackURL: '/welcome' })
    await side.visitor().get('magic.known-user', next)
    await mailed(side, 'magic.mail-for-client', {})
    const { token } = side.lastMail()
    const query = { token: String(token) }
    await browser.client('magic.no-callback', client => client.magicLink.verify({ query }), plugins)
    await browser.client('magic.no-callback-again', client => client.magicLink.verify({ query }), plugins)
    await badLinks(side)
    await unproven(side)
  },
}

async function asking(side: Side): Promise<void> {
  await side
    .visitor()
    .client('magic.ask', client => client.signIn.magicLink({ email: ann.email, callbackURL: '/home' }), plugins)
  const ask = (step: string, wish: object) => side.visitor().post(`magic.ask-${step}`, '/sign-in/magic-link', wish)
  const { email } = ann
  await ask('all', {
    email,
    name: 'Ann',
    callbackURL: '/a?b=c&d=e',
    newUserCallbackURL: `${side.origin}/new`,
    errorCallbackURL: '/oops',
    metadata: { theme: 'dark', deep: { down: [1] } },
  })
  await ask('bad-email', { email: 'not-an-address' })
  await ask('empty', {})
  await ask('foreign-callback', { email, callbackURL: evil })
  await ask('foreign-new-user', { email, newUserCallbackURL: evil })
  await ask('foreign-error', { email, errorCallbackURL: evil })
  await ask('metadata-string', { email, metadata: 'dark' })
}

async function badLinks(side: Side): Promise<void> {
  const follow = (step: string, query: Record<string, string>) =>
    side.visitor().get(`magic.bad-${step}`, `/magic-link/verify?${new URLSearchParams(query)}`)
  await follow('alone', { token: 'bad' })
  await follow('callback', { token: 'bad', callbackURL: '/home' })
  await follow('callback-query', { token: 'bad', callbackURL: '/home?a=1' })
  await follow('callback-absolute', { token: 'bad', callbackURL: `${side.origin}/home` })
  await follow('error-callback', { token: 'bad', callbackURL: '/home', errorCallbackURL: '/oops?x=y' })
  await follow('only-error-callback', { token: 'bad', errorCallbackURL: '/oops' })
  await follow('empty-callback', { token: 'bad', callbackURL: '' })
  await follow('no-token', { callbackURL: '/home' })
  await follow('foreign-callback', { token: 'bad', callbackURL: evil })
  await follow('foreign-new-user', { token: 'bad', newUserCallbackURL: evil })
  await follow('foreign-error', { token: 'bad', errorCallbackURL: evil })
  await side.visitor().post('magic.bad-method', '/magic-link/verify', { token: 'bad' })
}

/** Somebody else signed up with the address and waits for its owner. */
async function unproven(side: Side): Promise<void> {
  const ben = { name: 'Ben', email: 'ben@example.com', password: ann.password }
  const planter = side.visitor()
  await planter.post('magic.planted', '/sign-up/email', ben)
  const path = await mailed(side, 'magic.mail-planted', { email: ben.email, callbackURL: '/home' })
  const owner = side.visitor()
  await owner.get('magic.first-proof', path)
  await owner.get('magic.first-proof-session', '/get-session')
  await planter.get('magic.planted-session', '/get-session')
  await side.visitor().post('magic.planted-password', '/sign-in/email', ben)
}

const magicLinkOptions: Scenario = {
  name: 'magic-link-options',
  options: withLinks({ expiresIn: 1, disableSignUp: true }),
  async run(side) {
    const path = await mailed(side, 'magic-options.mail', { callbackURL: '/home' })
    await side.visitor().get('magic-options.no-sign-up', path)
    await side.visitor().get('magic-options.no-sign-up-again', path)
    const late = await mailed(side, 'magic-options.mail-late', { callbackURL: '/home', errorCallbackURL: '/oops' })
    await pause(1200)
    await side.visitor().get('magic-options.expired', late)
    await side.visitor().get('magic-options.expired-again', late)
  },
}

const magicLinkLimit: Scenario = {
  name: 'magic-link-limit',
  options: withLinks(
    {},
    { rateLimit: { enabled: true }, advanced: { ipAddress: { ipAddressHeaders: ['x-real-ip'] } } },
  ),
  async run(side) {
    const headers = { 'x-real-ip': '192.0.2.1' }
    for (let call = 1; call <= 6; call += 1)
      await side.visitor().post(`magic-limit.ask-${call}`, '/sign-in/magic-link', { email: ann.email }, { headers })
    for (let call = 1; call <= 6; call += 1)
      await side.visitor().get(`magic-limit.follow-${call}`, '/magic-link/verify?token=bad', { headers })
  },
}

export const magicLinkScenarios = [magicLinks, magicLinkOptions, magicLinkLimit]
