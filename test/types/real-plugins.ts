/** The plugins of an application that has them all: module, factory and how it is called. */
const CALLS = {
  admin: 'admin()',
  'admin-config': 'adminConfig()',
  'api-key': 'apiKey()',
  bearer: 'bearer()',
  'email-otp': 'emailOTP({ sendVerificationOTP: async () => {} })',
  'generic-oauth':
    "genericOAuth({ config: [{ providerId: 'acme', clientId: 'x', discoveryUrl: 'https://acme.example' }] })",
  jwt: 'jwt()',
  'last-login-method': 'lastLoginMethod({ storeInDatabase: true })',
  'magic-link': 'magicLink({ sendMagicLink: async () => {} })',
  'multi-session': 'multiSession()',
  'oauth-proxy': 'oAuthProxy()',
  'one-tap': 'oneTap()',
  'one-time-token': 'oneTimeToken()',
  'open-api': 'openAPI()',
  organization: 'organization({ teams: { enabled: true }, dynamicAccessControl: { enabled: true } })',
  passkey: 'passkey()',
  'two-factor': 'twoFactor()',
  username: 'username()',
} as const

/** The folders of `routers/` that are plugins and are called here. */
export const REAL_PLUGINS = Object.keys(CALLS)

/** The application's module: an instance with all of them. */
export function realAuthSource(kernia: string): string {
  const imports = Object.entries(CALLS).map(
    ([folder, call]) => `import { ${call.split('(')[0]} } from '${kernia}/routers/${folder}/index.js'`,
  )
  return `
import { emailAndPassword, init } from '${kernia}/src/index.js'
${imports.join('\n')}

export const auth = init({
  secret: 'a-secret-for-type-checking-0123456789',
  plugins: [emailAndPassword(), ${Object.values(CALLS).join(', ')}],
  user: { additionalFields: { locale: { type: 'string', required: false, input: true } } },
})
`
}

/** What an application does with it, each as its types say. */
export function realUseSource(kernia: string): string {
  return `
import { createKerniaClient } from '${kernia}/clients/trpc-client.js'
import { auth } from './real-auth.js'

const client = createKerniaClient<typeof auth.router>({ url: 'http://localhost:3000/api/auth' })
type User = typeof auth.$Infer.User
export const fields = (user: User): [string, string | null | undefined, boolean | null | undefined] => [
  user.email, user.username, user.twoFactorEnabled,
]
export const active: (typeof auth.$Infer.Session)['activeTeamId'] = null
export async function use(): Promise<void> {
  await client.signUp.email.mutate({ name: 'Ada', email: 'a@b.c', password: 'p', username: 'ada', locale: 'de' })
  const answer = await client.signIn.email.mutate({ email: 'a@b.c', password: 'p' })
  if ('twoFactorRedirect' in answer) await client.twoFactor.verifyTotp.mutate({ code: '123456' })
  const { id } = await client.organization.create.mutate({ name: 'Acme', slug: 'acme' })
  await client.organization.team.create.mutate({ name: 'Blue', organizationId: id })
  await client.passkey.list.query()
  const { users } = await client.admin.listUsers.query({ limit: 10 })
  const { key } = await client.apiKey.create.mutate({ name: users[0]?.name ?? '' })
  await auth.caller().apiKey.verify({ key })
  await auth.caller().password.set({ newPassword: 'p' })
}
`
}

/** Mistakes that people make, and what the compiler has to say about each. */
export const MISTAKES: readonly { source: string; says: RegExp }[] = [
  { source: 'client.passkey.delete.mutate({ id: 1 })', says: /Type 'number' is not assignable to type 'string'/ },
  { source: 'client.passkey.delete.mutate({})', says: /Property 'id' is missing/ },
  { source: 'client.passkeys.list.query()', says: /Property 'passkeys' does not exist/ },
  { source: 'client.passkey.lists.query()', says: /Property 'lists' does not exist/ },
  { source: 'client.password.set.mutate({})', says: /Property 'set' does not exist/ },
  { source: 'auth.caller().signIn.email({ email: "a@b.c" })', says: /password/ },
  { source: 'const user: typeof auth.$Infer.User = { id: "1" }', says: /missing the following properties/ },
]

/** Each mistake in a module of its own. */
export function mistakeSources(kernia: string): Record<string, string> {
  const sources = MISTAKES.map(({ source }, index): [string, string] => [
    `mistake${index}.ts`,
    `
import { createKerniaClient } from '${kernia}/clients/trpc-client.js'
import { auth } from './real-auth.js'
export const client = createKerniaClient<typeof auth.router>({ url: 'http://localhost:3000/api/auth' })
${source.startsWith('const') ? `export ${source}` : `void ${source}`}
`,
  ])
  return Object.fromEntries(sources)
}
