import { ann, password, pause, type Scenario, withMail } from '../scenario.ts'
import type { Side, Visitor } from '../side.ts'

// The official memory store is one for the whole process, and both servers of a pair may be official ones: every
// scenario counts under an address of its own on each port.
// The official default, spelled out: whoever reads an address from a header should have been told to.
const advanced = { ipAddress: { ipAddressHeaders: ['x-forwarded-for'] } }

function addressOf(side: Side, scenario: number): string {
  const port = Number(new URL(side.origin).port)
  return `10.${scenario}.${port >> 8}.${port & 255}`
}

async function times(count: number, call: (index: number) => ReturnType<Visitor['post']>): Promise<void> {
  for (let index = 1; index <= count; index += 1) await call(index)
}

export const rateLimit: Scenario = {
  name: 'rate-limit',
  options: { build: mails => ({ emailAndPassword: withMail(mails), rateLimit: { enabled: true }, advanced }) },
  async run(side) {
    const headers = { 'x-forwarded-for': addressOf(side, 1) }
    const wrong = { email: ann.email, password: 'wrong password' }
    const browser = side.visitor()
    await times(4, index => browser.post(`rate-limit.sign-in-${index}`, '/sign-in/email', wrong, { headers }))
    const other = { 'x-forwarded-for': addressOf(side, 2) }
    await browser.post('rate-limit.other-address', '/sign-in/email', wrong, { headers: other })
    await browser.post('rate-limit.other-endpoint', '/sign-up/email', ann, { headers })
    await browser.raw('rate-limit.other-method', { path: '/sign-in/email', headers })
    await browser.client('rate-limit.no-address-1', client => client.signIn.email(wrong))
    await times(3, index => browser.post(`rate-limit.no-address-${index + 1}`, '/sign-in/email', wrong))
    const reset = { email: 'nobody@example.com' }
    await times(4, index => browser.post(`rate-limit.reset-${index}`, '/request-password-reset', reset, { headers }))
    await pause(10_200)
    await browser.post('rate-limit.after-the-window', '/sign-in/email', { email: ann.email, password }, { headers })
    await browser.post('rate-limit.reset-window-is-longer', '/request-password-reset', reset, { headers })
  },
}

export const rateLimitRules: Scenario = {
  name: 'rate-limit-rules',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      advanced,
      rateLimit: {
        enabled: true,
        window: 2,
        max: 2,
        storage: 'database',
        customRules: {
          '/sign-in/*': { window: 5, max: 1 },
          '/get-session': false,
          '/list-sessions': (_request, current) => ({ window: 5, max: current.max - 1 }),
          '/revoke-sessions': () => false,
        },
      },
    }),
  },
  async run(side) {
    const headers = { 'x-forwarded-for': addressOf(side, 3) }
    const browser = side.visitor()
    const wrong = { email: ann.email, password: 'wrong password' }
    await times(2, index => browser.post(`rate-rules.custom-${index}`, '/sign-in/email', wrong, { headers }))
    await times(4, index => browser.get(`rate-rules.exempt-${index}`, '/get-session', { headers }))
    await times(3, index => browser.get(`rate-rules.default-${index}`, '/ok', { headers }))
    await times(2, index => browser.get(`rate-rules.function-${index}`, '/list-sessions', { headers }))
    await times(4, index => browser.post(`rate-rules.function-exempt-${index}`, '/revoke-sessions', {}, { headers }))
    await pause(2100)
    await browser.get('rate-rules.default-after-the-window', '/ok', { headers })
    await times(3, index => browser.get(`rate-rules.unknown-route-${index}`, '/nope', { headers }))
  },
}

/** Which limit each endpoint has: four calls, of which the fourth is one too many for some. */
export const rateLimitsOfEndpoints: Scenario = {
  name: 'rate-limit-endpoints',
  options: { build: mails => ({ emailAndPassword: withMail(mails), rateLimit: { enabled: true }, advanced }) },
  async run(side) {
    const headers = { 'x-forwarded-for': addressOf(side, 5) }
    const browser = side.visitor()
    const passwords = { currentPassword: password, newPassword: password }
    const calls: Record<string, object> = {
      '/sign-up/email': { ...ann, password: 'short' },
      '/change-password': passwords,
      '/verify-password': { password },
      '/reset-password': { newPassword: password, token: 'unknown' },
      '/update-user': { name: 'Ann' },
      '/revoke-session': { token: 'unknown' },
      '/sign-out': {},
    }
    for (const [path, body] of Object.entries(calls)) {
      const name = path.slice(1).replace('/', '-')
      await times(4, index => browser.post(`rate-endpoints.${name}-${index}`, path, body, { headers }))
    }
    await times(4, index => browser.get(`rate-endpoints.ok-${index}`, '/ok', { headers }))
  },
}

/** A store of the application's own, which reads and writes. */
export const rateLimitCustomStorage: Scenario = {
  name: 'rate-limit-custom-storage',
  options: {
    build: mails => {
      const rows = new Map<string, { key: string; count: number; lastRequest: number }>()
      const customStorage = {
        get: async (key: string) => rows.get(key),
        set: async (key: string, value: { key: string; count: number; lastRequest: number }) =>
          void rows.set(key, value),
      }
      return { emailAndPassword: withMail(mails), rateLimit: { enabled: true, customStorage }, advanced }
    },
  },
  async run(side) {
    const headers = { 'x-forwarded-for': addressOf(side, 6) }
    const browser = side.visitor()
    const wrong = { email: ann.email, password: 'wrong password' }
    await times(4, index => browser.post(`rate-custom.sign-in-${index}`, '/sign-in/email', wrong, { headers }))
  },
}

/** Production turns limits on by itself. */
export const rateLimitInProduction: Scenario = {
  name: 'rate-limit-production',
  options: { nodeEnv: 'production', build: mails => ({ emailAndPassword: withMail(mails), advanced }) },
  async run(side) {
    const headers = { 'x-forwarded-for': addressOf(side, 4) }
    const browser = side.visitor()
    const wrong = { email: ann.email, password: 'wrong password' }
    await times(4, index => browser.post(`rate-production.sign-in-${index}`, '/sign-in/email', wrong, { headers }))
    await browser.post('rate-production.sign-up', '/sign-up/email', ann)
    await browser.get('rate-production.address-unknown', '/get-session')
  },
}

export const development: Scenario = {
  name: 'development',
  options: {
    nodeEnv: 'development',
    build: mails => ({ emailAndPassword: withMail(mails), rateLimit: { enabled: true, window: 60, max: 100 } }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('development.sign-up', '/sign-up/email', ann)
    await browser.get('development.address', '/get-session')
  },
}
