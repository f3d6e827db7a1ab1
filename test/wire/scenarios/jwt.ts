import { jwtClient } from 'better-auth/client/plugins'
import { jwt } from 'better-auth/plugins'
import { ann, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'

type JwtSettings = NonNullable<Parameters<typeof jwt>[0]>

const withJwt = (settings: JwtSettings, more: { deferSessionRefresh?: boolean } = {}): OptionSet => ({
  build: mails => ({ emailAndPassword: withMail(mails), session: more, plugins: [jwt(settings)] }),
  ourPlugins: async () => [(await import('../../../routers/jwt/index.ts')).jwt(settings as object)],
})

const plain: Scenario = {
  name: 'jwt',
  options: withJwt({}),
  async run(side) {
    const browser = side.visitor()
    await browser.client('jwt.jwks-first', client => client.jwks(), [jwtClient()])
    await browser.get('jwt.jwks-again', '/jwks')
    await browser.get('jwt.no-session-token', '/token')
    await browser.get('jwt.no-session', '/get-session')
    await browser.post('jwt.sign-up', '/sign-up/email', ann)
    await browser.get('jwt.token', '/token')
    const token = (client: unknown) => (client as { token(): Promise<unknown> }).token()
    await browser.client('jwt.token-client', client => token(client), [jwtClient()])
    await browser.client('jwt.get-session', client => client.getSession())
    await browser.get('jwt.list-sessions', '/list-sessions')
    await browser.post('jwt.sign-out', '/sign-out', {})
  },
}

/** Each kind of key, and what a token says. */
const kinds = (['ES256', 'ES512', 'RS256', 'PS256'] as const).map(
  (alg): Scenario => ({
    name: `jwt-${alg}`,
    options: withJwt({ jwks: { keyPairConfig: { alg } } }),
    async run(side) {
      const browser = side.visitor()
      await browser.get(`jwt-${alg}.jwks`, '/jwks')
      await browser.post(`jwt-${alg}.sign-up`, '/sign-up/email', ann)
      await browser.get(`jwt-${alg}.token`, '/token')
    },
  }),
)

const customised: Scenario = {
  name: 'jwt-options',
  options: withJwt({
    disableSettingJwtHeader: true,
    jwks: { jwksPath: '/.well-known/jwks.json', disablePrivateKeyEncryption: true },
    jwt: {
      issuer: 'https://issuer.example',
      audience: ['one', 'two'],
      expirationTime: '2h',
      definePayload: ({ user }) => ({ email: user.email, role: 'reader' }),
      getSubject: ({ user }) => `user:${user.name}`,
    },
  }),
  async run(side) {
    const browser = side.visitor()
    await browser.get('jwt-options.jwks', '/.well-known/jwks.json')
    await browser.get('jwt-options.other-path', '/jwks')
    await browser.post('jwt-options.sign-up', '/sign-up/email', ann)
    await browser.get('jwt-options.token', '/token')
    await browser.get('jwt-options.get-session', '/get-session')
  },
}

const remote: Scenario = {
  name: 'jwt-remote',
  options: withJwt({
    jwks: { remoteUrl: 'https://keys.example/jwks.json', keyPairConfig: { alg: 'ES256' } },
    jwt: { sign: ({ sub, iss, email }) => `signed elsewhere for ${email} ${String(sub).length > 0} by ${iss}` },
  }),
  async run(side) {
    const browser = side.visitor()
    await browser.get('jwt-remote.jwks', '/jwks')
    await browser.post('jwt-remote.sign-up', '/sign-up/email', ann)
    await browser.get('jwt-remote.token', '/token')
    await browser.get('jwt-remote.get-session', '/get-session')
  },
}

const deferred: Scenario = {
  name: 'jwt-deferred',
  options: withJwt({}, { deferSessionRefresh: true }),
  async run(side) {
    const browser = side.visitor()
    await browser.post('jwt-deferred.sign-up', '/sign-up/email', ann)
    await browser.get('jwt-deferred.get-session', '/get-session')
    await browser.post('jwt-deferred.refresh', '/get-session', undefined)
  },
}

export const jwtScenarios: Scenario[] = [plain, ...kinds, customised, remote, deferred]
