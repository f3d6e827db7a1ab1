import type { BetterAuthOptions } from 'better-auth'
import { ann, password, type Scenario, withMail } from '../scenario.ts'
import type { Side } from '../side.ts'

const json = { 'content-type': 'application/json' }
const evil = 'https://evil.example'
const post = (path: string, body: unknown, headers: Record<string, string | undefined>) => ({
  method: 'POST',
  path,
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
})

/** Which Origin a request may come from, with and without cookies. */
export const origin: Scenario = {
  name: 'origin',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      trustedOrigins: [
        ...['https://app.example', 'https://*.wild.example', '*.host.example', 'myapp://'],
        ...['deep://host/app', 'exp://192.168.*.*:*/**'],
      ],
    }),
  },
  async run(side) {
    await side.visitor().post('origin.account', '/sign-up/email', ann)
    await withCookie(side)
    await withoutCookie(side)
    await callbacks(side)
  },
}

async function withCookie(side: Side): Promise<void> {
  const browser = side.visitor()
  await browser.post('origin.sign-in', '/sign-in/email', { email: ann.email, password })
  const update = (step: string, headers: Record<string, string | undefined>) =>
    browser.raw(`origin.cookie-${step}`, post('/update-user', { name: 'Ann' }, headers))
  await update('own', { origin: side.origin })
  await update('missing', {})
  await update('null', { origin: 'null' })
  await update('null-same-origin', { origin: 'null', 'sec-fetch-site': 'same-origin' })
  await update('null-cross-site', { origin: 'null', 'sec-fetch-site': 'cross-site' })
  await update('empty', { origin: '' })
  await update('foreign', { origin: evil })
  await update('trusted', { origin: 'https://app.example' })
  await update('trusted-other-scheme', { origin: 'http://app.example' })
  await update('trusted-other-port', { origin: 'https://app.example:8443' })
  await update('trusted-suffix', { origin: 'https://app.example.evil.example' })
  await update('wildcard', { origin: 'https://a.b.wild.example' })
  await update('wildcard-apex', { origin: 'https://wild.example' })
  await update('wildcard-other-scheme', { origin: 'http://a.wild.example' })
  await update('host-pattern', { origin: 'http://a.host.example' })
  await update('host-pattern-port', { origin: 'http://a.host.example:8080' })
  await update('custom-scheme', { origin: 'myapp://start' })
  await update('referer', { referer: `${side.origin}/page?x=1` })
  await update('foreign-referer', { referer: `${evil}/page` })
  await update('foreign-with-own-referer', { origin: evil, referer: `${side.origin}/page` })
  await browser.raw('origin.cookie-get', { path: '/get-session', headers: { origin: evil } })
  await browser.raw(
    'origin.cookie-sign-in-foreign',
    post('/sign-in/email', { email: ann.email, password }, { origin: evil }),
  )
  await browser.raw('origin.cookie-sign-in-missing', post('/sign-in/email', { email: ann.email, password }, {}))
  await browser.raw('origin.cookie-unknown-route', post('/nope', {}, { origin: evil }))
  await browser.raw('origin.cookie-invalid-body', post('/sign-in/email', {}, { origin: evil }))
  const stranger = side.visitor()
  stranger.jar.set('theme', 'dark')
  await stranger.raw('origin.unrelated-cookie', post('/sign-in/email', { email: ann.email, password }, {}))
  await stranger.raw('origin.unrelated-cookie-sign-out', post('/sign-out', {}, { origin: evil }))
}

async function withoutCookie(side: Side): Promise<void> {
  const signIn = (step: string, headers: Record<string, string | undefined>) =>
    side.visitor().raw(`origin.bare-${step}`, post('/sign-in/email', { email: ann.email, password }, headers))
  await signIn('missing', {})
  await signIn('null', { origin: 'null' })
  await signIn('foreign', { origin: evil })
  await signIn('foreign-referer', { referer: `${evil}/x` })
  await signIn('fetch-same-origin', { origin: side.origin, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })
  await signIn('fetch-no-origin', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })
  await signIn('fetch-foreign', { origin: evil, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })
  await signIn('fetch-trusted', {
    origin: 'https://app.example',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'cors',
  })
  await signIn('navigate-cross-site', { origin: evil, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })
  await signIn('navigate-cross-site-own', {
    origin: side.origin,
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
  })
  await signIn('navigate-same-site', {
    origin: side.origin,
    'sec-fetch-site': 'same-site',
    'sec-fetch-mode': 'navigate',
  })
  await signIn('mode-only', { 'sec-fetch-mode': 'cors' })
  await signIn('null-same-origin', { origin: 'null', 'sec-fetch-site': 'same-origin' })
  await signIn('null-same-site', { origin: 'null', 'sec-fetch-site': 'same-site' })
  const reset = post('/request-password-reset', { email: ann.email }, { origin: evil })
  await side.visitor().raw('origin.bare-foreign-other-endpoint', reset)
}

async function callbacks(side: Side): Promise<void> {
  const signIn = (step: string, callbackURL: unknown) =>
    side.visitor().post(`origin.callback-${step}`, '/sign-in/email', { email: ann.email, password, callbackURL })
  await signIn('relative', '/a/b-c_d.e+f@g?x=1&y=%20')
  await signIn('empty', '')
  await signIn('no-slash', 'home')
  await signIn('trusted', 'https://app.example/done')
  await signIn('wildcard', 'https://x.wild.example/done')
  await signIn('custom-scheme', 'myapp://done')
  await signIn('custom-scheme-path', 'deep://host/app/done')
  await signIn('custom-scheme-prefix', 'deep://host/application')
  await signIn('custom-scheme-host', 'deep://hostile/app')
  await signIn('custom-scheme-pattern', 'exp://192.168.0.2:8081/--/done')
  await signIn('custom-scheme-pattern-host', 'exp://10.0.0.2:8081/--/done')
  await signIn('backslash', '/\\evil.example')
  await signIn('encoded-slash', '/%2Fevil.example')
  await signIn('tilde', '/~ann')
  await signIn('colon', '/a:b')
  await signIn('javascript', 'javascript:alert(1)')
  await signIn('user-info', `${side.origin}@evil.example/`)
  const fields = ['redirectTo', 'errorCallbackURL', 'newUserCallbackURL']
  for (const field of fields)
    await side.visitor().post(`origin.field-${field}`, '/sign-in/email', { email: ann.email, password, [field]: evil })
  const query = `/sign-out?callbackURL=${encodeURIComponent(evil)}`
  await side.visitor().post('origin.callback-in-query', query, {})
  await side.visitor().post('origin.callback-on-any-endpoint', '/sign-out', { callbackURL: evil })
}

/** A switch that turns checks off, and what is left of them. */
function switchedOff(name: string, advanced: BetterAuthOptions['advanced']): Scenario {
  return {
    name: `origin-${name}`,
    options: { build: mails => ({ emailAndPassword: withMail(mails), advanced }) },
    async run(side) {
      const browser = side.visitor()
      const step = (title: string) => `${name}.${title}`
      await browser.post(step('sign-up'), '/sign-up/email', ann)
      await browser.raw(step('foreign'), post('/update-user', { name: 'Ann' }, { origin: evil }))
      await browser.raw(step('missing'), post('/update-user', { name: 'Ann' }, {}))
      const body = { email: ann.email, password, callbackURL: evil }
      await browser.raw(step('foreign-callback'), post('/sign-in/email', body, { origin: evil }))
      const navigation = { origin: evil, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
      const signIn = { email: ann.email, password }
      await side.visitor().raw(step('navigation'), post('/sign-in/email', signIn, navigation))
      await side.visitor().raw(step('bare-fetch'), post('/sign-in/email', signIn, { 'sec-fetch-mode': 'cors' }))
      await side.visitor().raw(step('callback-elsewhere'), post('/sign-out', { callbackURL: evil }, {}))
      await side.visitor().get(step('redirect'), `/reset-password/x?callbackURL=${encodeURIComponent(evil)}`)
    },
  }
}

export const originSwitches: Scenario[] = [
  switchedOff('no-csrf', { disableCSRFCheck: true }),
  switchedOff('no-origin', { disableOriginCheck: true }),
  switchedOff('no-origin-but-csrf', { disableOriginCheck: true, disableCSRFCheck: false }),
  // The official server takes a list, which its types do not tell.
  switchedOff('no-origin-for-paths', { disableOriginCheck: ['/sign-in', '/update'] as unknown as boolean }),
]

/** Origins from the environment, and from a function that is asked for each request. */
export const originSources: Scenario = {
  name: 'origin-sources',
  options: {
    build: mails => {
      process.env.BETTER_AUTH_TRUSTED_ORIGINS = 'https://one.env.example,https://*.two.env.example'
      return {
        emailAndPassword: withMail(mails),
        trustedOrigins: async request => [`https://${request?.headers.get('x-tenant') ?? 'none'}.example`],
      }
    },
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('origins.sign-up', '/sign-up/email', ann)
    const update = (step: string, headers: Record<string, string | undefined>) =>
      browser.raw(`origins.${step}`, post('/update-user', { name: 'Ann' }, headers))
    await update('environment', { origin: 'https://one.env.example' })
    await update('environment-pattern', { origin: 'https://a.two.env.example' })
    await update('environment-other', { origin: 'https://env.example' })
    await update('function', { origin: 'https://tenant.example', 'x-tenant': 'tenant' })
    await update('function-other', { origin: 'https://tenant.example', 'x-tenant': 'other' })
    await update('function-none', { origin: 'https://tenant.example' })
    delete process.env.BETTER_AUTH_TRUSTED_ORIGINS
  },
}
