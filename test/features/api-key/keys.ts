import { type ApiKeyConfiguration, type ApiKeyOptions, apiKey } from '../../../routers/api-key/index.ts'
import { organization } from '../../../routers/organization/index.ts'
import type { AnyPlugin, KerniaOptions, Row } from '../../../src/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { type Answer, type Visitor, visit } from '../../support/visitor.ts'
import type { StartInstance, TestInstance } from '../every-instance.ts'

const password = 'correct horse battery'

/** What the application's own code is told of a key. */
export interface Verdict {
  valid: boolean
  error: { code: string; message: string; details?: { tryAgainIn: number } } | null
  key: Row | null
}

interface OwnCode {
  apiKey: {
    create(input: object): Promise<Row & { id: string; key: string }>
    update(input: object): Promise<Row>
    verify(input: object): Promise<Verdict>
    deleteAllExpired(): Promise<unknown>
  }
}

/** An instance with keys, and shorthands for what tests do with them. */
export interface KeyShop extends TestInstance {
  own: OwnCode['apiKey']
  /** A new user, signed in. */
  join(name: string): Promise<Visitor>
  userId(name: string): Promise<string>
  /** What verifying comes to: `ok` or the code of the refusal. */
  verdict(key: string, more?: object): Promise<string>
}

type Rest = Omit<KerniaOptions, 'plugins' | 'user' | 'session'> & {
  user?: object
  start?: StartInstance
  plugins?: readonly AnyPlugin[]
  session?: object
}

export const startInMemory: StartInstance = async (options = {}) => {
  const test = createTestAuth(options)
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
  return { ...test, visit: () => visit(test.auth), rows } as TestInstance
}

export async function openShop(
  options: ApiKeyOptions | readonly ApiKeyConfiguration[] = {},
  { start = startInMemory, plugins = [], ...rest }: Rest = {},
): Promise<KeyShop> {
  const instance = await start({ ...rest, plugins: [apiKey(options), ...plugins] })
  const { apiKey: own } = instance.auth.caller() as unknown as OwnCode
  return {
    ...instance,
    own,
    join: async name => {
      const visitor = instance.visit()
      const answer = await visitor.post('/sign-up/email', { name, email: `${name}@example.com`, password })
      if (answer.status !== 200) throw new Error(`sign-up failed: ${answer.text}`)
      return visitor
    },
    userId: async name => {
      const user = (await instance.rows('user')).find(row => row.email === `${name}@example.com`)
      if (!user) throw new Error(`there is no ${name}`)
      return String(user.id)
    },
    verdict: async (key, more = {}) => {
      const { valid, error } = await own.verify({ key, ...more })
      return valid ? 'ok' : String(error?.code)
    },
  }
}

/** The same with organizations, whose keys these are. */
export async function openOrganizationShop(
  more: ApiKeyConfiguration = {},
  plugin: AnyPlugin = organization(),
  others: readonly AnyPlugin[] = [],
) {
  const shop = await openShop({ references: 'organization', ...more }, { plugins: [plugin, ...others] })
  const caller = shop.auth.caller() as unknown as { organization: { member: { add(input: object): Promise<unknown> } } }
  return {
    ...shop,
    found: async (owner: Visitor, slug: string) =>
      String((await owner.post('/organization/create', { name: slug, slug })).body.id),
    add: async (organizationId: string, name: string, role: string) => {
      await caller.organization.member.add({ organizationId, userId: await shop.userId(name), role })
    },
  }
}

/** Status and code of an answer. */
export function told({ status, body }: Answer): string {
  return body.code ? `${status} ${body.code}` : String(status)
}

export const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index))

/** How often each outcome occurred. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
