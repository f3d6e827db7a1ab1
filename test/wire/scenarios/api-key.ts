import { type ApiKeyConfigurationOptions, apiKey } from '@better-auth/api-key'
import { apiKeyClient } from '@better-auth/api-key/client'
import type { Exchange } from '../exchange.ts'
import { ann, password, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side, Visitor } from '../side.ts'

const plugins = [apiKeyClient()]
const DAY = 86_400

/** Both servers with keys of these kinds. */
function withKeys(given: ApiKeyConfigurationOptions | ApiKeyConfigurationOptions[]): OptionSet {
  const kinds = () => (Array.isArray(given) ? given.map(counted) : counted(given))
  return {
    build: mails => ({ emailAndPassword: withMail(mails), plugins: [apiKey(kinds())] }),
    ourPlugins: async () => [(await import('../../../routers/api-key/index.ts')).apiKey(kinds() as never)],
  }
}

/** Keys whose beginning is shown begin the same on both servers. */
export function counted(kind: ApiKeyConfigurationOptions): ApiKeyConfigurationOptions {
  if (kind.startingCharactersConfig?.shouldStore === false) return kind
  let made = 0
  const customKeyGenerator = ({ length, prefix = '' }: { length: number; prefix: string | undefined }) => {
    made += 1
    const letters = String.fromCharCode(96 + (made % 26)).repeat(4)
    return `${prefix}${letters}${'Key'.repeat(length)}`.slice(0, length)
  }
  return { ...kind, customKeyGenerator }
}

const field = (exchange: Exchange, name: string): string =>
  String((exchange.json as Record<string, unknown> | null)?.[name])

async function person(side: Side, step: string, name: string): Promise<Visitor> {
  const visitor = side.visitor()
  await visitor.post(`${step}-signs-up`, '/sign-up/email', { name, email: `${name}@example.com`, password })
  return visitor
}

const basics: Scenario = {
  name: 'api-key',
  options: withKeys({}),
  async run(side) {
    const stranger = side.visitor()
    await stranger.post('api-key.create-no-session', '/api-key/create', {})
    await stranger.post('api-key.create-no-session-user', '/api-key/create', { userId: 'someone' })
    await stranger.post('api-key.create-no-session-limit', '/api-key/create', { remaining: 5 })
    await stranger.post('api-key.update-no-session', '/api-key/update', { keyId: 'x', name: 'x' })
    await stranger.post('api-key.update-no-session-user', '/api-key/update', { keyId: 'x', userId: 'someone' })
    await stranger.post('api-key.delete-no-session', '/api-key/delete', { keyId: 'x' })
    await stranger.get('api-key.get-no-session', '/api-key/get?id=x')
    await stranger.get('api-key.list-no-session', '/api-key/list')
    for (const path of ['verify', 'delete-all-expired-api-keys']) {
      await stranger.post(`api-key.server-only-${path}`, `/api-key/${path}`, { key: 'x' })
    }
    const owner = await person(side, 'api-key.ann', 'ann')
    const other = await person(side, 'api-key.ben', 'ben')
    await refusals(owner)
    const made = await owner.client('api-key.create', client => client.apiKey.create({ name: 'Laptop' }), plugins)
    const keyId = field(made, 'id')
    await owner.post('api-key.create-empty', '/api-key/create', {})
    await owner.post('api-key.create-prefix', '/api-key/create', { prefix: 'acme_', expiresIn: 2 * DAY })
    await reads(owner, keyId)
    await changes(owner, keyId)
    await foreign(other, keyId)
    await owner.client('api-key.delete', client => client.apiKey.delete({ keyId }), plugins)
    await owner.post('api-key.delete-again', '/api-key/delete', { keyId })
    await owner.get('api-key.get-deleted', `/api-key/get?id=${keyId}`)
    await owner.get('api-key.list-after', '/api-key/list')
  },
}

/** What nobody can create. */
async function refusals(owner: Visitor): Promise<void> {
  const bodies: Record<string, object> = {
    remaining: { remaining: 5 },
    'remaining-null': { remaining: null, name: 'Free' },
    refill: { refillAmount: 5, refillInterval: 1000 },
    'limit-max': { rateLimitMax: 5 },
    'limit-window': { rateLimitTimeWindow: 5 },
    'limit-off': { rateLimitEnabled: false },
    permissions: { permissions: { files: ['read'] } },
    'user-id': { userId: 'someone' },
    metadata: { metadata: { plan: 'pro' } },
    'metadata-text': { metadata: 'plan' },
    'too-short': { expiresIn: 60 },
    'too-long': { expiresIn: 366 * DAY },
    'expires-zero': { expiresIn: 0 },
    'expires-text': { expiresIn: 'tomorrow' },
    'expires-null': { expiresIn: null, name: 'For ever' },
    'prefix-form': { prefix: 'a b' },
    'prefix-long': { prefix: 'a'.repeat(33) },
    'name-long': { name: 'a'.repeat(33) },
    'name-empty': { name: '' },
    'unknown-config': { configId: 'unknown', name: 'Other kind' },
  }
  for (const [name, body] of Object.entries(bodies)) await owner.post(`api-key.create-${name}`, '/api-key/create', body)
}

async function reads(owner: Visitor, keyId: string): Promise<void> {
  const query = { id: keyId }
  await owner.client('api-key.get', client => client.apiKey.get({ query }), plugins)
  await owner.get('api-key.get-no-id', '/api-key/get')
  await owner.get('api-key.get-unknown', '/api-key/get?id=unknown')
  await owner.client('api-key.list', client => client.apiKey.list({ query: { sortBy: 'createdAt' } }), plugins)
  await owner.get('api-key.list-page', '/api-key/list?limit=1&offset=1&sortBy=name&sortDirection=desc')
  await owner.get('api-key.list-none', '/api-key/list?limit=0')
  await owner.get('api-key.list-negative', '/api-key/list?limit=-1')
  await owner.get('api-key.list-unknown-config', '/api-key/list?configId=unknown')
}

async function changes(owner: Visitor, keyId: string): Promise<void> {
  await owner.client('api-key.update', client => client.apiKey.update({ keyId, name: 'Old laptop' }), plugins)
  const bodies: Record<string, object> = {
    nothing: {},
    'no-key': { keyId: undefined, name: 'x' },
    unknown: { keyId: 'unknown', name: 'x' },
    remaining: { remaining: 5 },
    'remaining-zero': { remaining: 0 },
    permissions: { permissions: { files: ['read'] } },
    'permissions-null': { permissions: null },
    'limit-off': { rateLimitEnabled: false },
    'name-long': { name: 'a'.repeat(33) },
    'name-empty': { name: '' },
    'too-short': { expiresIn: 60 },
    'too-long': { expiresIn: 366 * DAY },
    expires: { expiresIn: 2 * DAY },
    'expires-never': { expiresIn: null },
    metadata: { metadata: { plan: 'pro' } },
    disable: { enabled: false },
    'other-user': { userId: 'someone', name: 'x' },
  }
  for (const [name, body] of Object.entries(bodies)) {
    await owner.post(`api-key.update-${name}`, '/api-key/update', { keyId, ...body })
  }
}

async function foreign(other: Visitor, keyId: string): Promise<void> {
  await other.get('api-key.foreign-get', `/api-key/get?id=${keyId}`)
  await other.post('api-key.foreign-update', '/api-key/update', { keyId, name: 'Mine' })
  await other.post('api-key.foreign-delete', '/api-key/delete', { keyId })
  await other.get('api-key.foreign-list', '/api-key/list')
}

const options: Scenario = {
  name: 'api-key-options',
  options: withKeys({
    enableMetadata: true,
    requireName: true,
    defaultPrefix: 'acme_',
    startingCharactersConfig: { charactersLength: 9 },
    keyExpiration: { defaultExpiresIn: 30 * DAY, disableCustomExpiresTime: true },
    rateLimit: { enabled: false, timeWindow: 1000, maxRequests: 3 },
    permissions: { defaultPermissions: { files: ['read'] } },
  }),
  async run(side) {
    const owner = await person(side, 'api-key-options.ann', 'ann')
    await owner.post('api-key-options.no-name', '/api-key/create', {})
    await owner.post('api-key-options.metadata-text', '/api-key/create', { name: 'x', metadata: 'text' })
    await owner.post('api-key-options.expires', '/api-key/create', { name: 'x', expiresIn: 2 * DAY })
    const metadata = { plan: 'pro', deep: { seats: [1, 2] } }
    const made = await owner.post('api-key-options.create', '/api-key/create', { name: 'Laptop', metadata })
    const keyId = field(made, 'id')
    await owner.get('api-key-options.get', `/api-key/get?id=${keyId}`)
    await owner.post('api-key-options.metadata', '/api-key/update', { keyId, metadata: { plan: 'free' } })
    await owner.post('api-key-options.update-metadata-text', '/api-key/update', { keyId, metadata: 'text' })
    await owner.post('api-key-options.update-expires', '/api-key/update', { keyId, expiresIn: 2 * DAY })
    await owner.get('api-key-options.list', '/api-key/list')
  },
}

const kinds: Scenario = {
  name: 'api-key-kinds',
  options: withKeys([
    { configId: 'public', defaultPrefix: 'pk_' },
    {
      configId: 'secret',
      defaultPrefix: 'sk',
      defaultKeyLength: 40,
      enableMetadata: true,
      startingCharactersConfig: { shouldStore: false },
    },
  ]),
  async run(side) {
    const owner = await person(side, 'api-key-kinds.ann', 'ann')
    await owner.post('api-key-kinds.no-default', '/api-key/create', {})
    await owner.post('api-key-kinds.unknown', '/api-key/create', { configId: 'unknown' })
    await owner.post('api-key-kinds.public', '/api-key/create', { configId: 'public', name: 'one' })
    const made = await owner.post('api-key-kinds.secret', '/api-key/create', { configId: 'secret', metadata: { a: 1 } })
    const id = field(made, 'id')
    await owner.get('api-key-kinds.get', `/api-key/get?configId=secret&id=${id}`)
    await owner.get('api-key-kinds.get-other-kind', `/api-key/get?configId=public&id=${id}`)
    await owner.get('api-key-kinds.get-no-kind', `/api-key/get?id=${id}`)
    await owner.get('api-key-kinds.list', '/api-key/list?sortBy=createdAt')
    await owner.get('api-key-kinds.list-one', '/api-key/list?configId=public')
    const body = { configId: 'public', keyId: id, name: 'x' }
    await owner.post('api-key-kinds.update-other-kind', '/api-key/update', body)
    await owner.post('api-key-kinds.delete-other-kind', '/api-key/delete', { configId: 'public', keyId: id })
    await owner.post('api-key-kinds.delete', '/api-key/delete', { configId: 'secret', keyId: id })
  },
}

/** Long enough to be a key. */
const wrong = 'w'.repeat(64)

const sessions: Scenario = {
  name: 'api-key-session',
  options: withKeys({ enableSessionForAPIKeys: true, rateLimit: { maxRequests: 6 } }),
  async run(side) {
    const owner = side.visitor()
    await owner.post('api-key-session.account', '/sign-up/email', ann)
    const made = await owner.post('api-key-session.create', '/api-key/create', { name: 'Laptop' })
    const second = await owner.post('api-key-session.create-second', '/api-key/create', { name: 'Phone' })
    const program = side.visitor()
    const call = (key: string) => ({ headers: { 'x-api-key': key } })
    const key = call(field(made, 'key'))
    const other = call(field(second, 'key'))
    await program.get('api-key-session.none', '/get-session')
    await program.get('api-key-session.short', '/get-session', call('short'))
    await program.get('api-key-session.wrong', '/get-session', call(wrong))
    await program.get('api-key-session.session', '/get-session', key)
    await program.get('api-key-session.get', `/api-key/get?id=${field(made, 'id')}`, key)
    await program.get('api-key-session.list', '/api-key/list', key)
    await program.post('api-key-session.update-user', '/update-user', { name: 'Anna' }, key)
    await program.get('api-key-session.other', '/get-session', other)
    await program.post('api-key-session.create-with-key', '/api-key/create', { name: 'Child' }, key)
    await program.get('api-key-session.list-sessions', '/list-sessions', key)
    await program.get('api-key-session.limited', '/get-session', key)
    const body = { keyId: field(second, 'id'), enabled: false }
    await owner.post('api-key-session.disable', '/api-key/update', body)
    await program.get('api-key-session.disabled', '/get-session', other)
    await owner.get('api-key-session.after', `/api-key/get?id=${field(made, 'id')}`)
  },
}

export const apiKeyScenarios: Scenario[] = [basics, options, kinds, sessions]
