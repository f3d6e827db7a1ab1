import { type AdminOptions, admin } from '../../../routers/admin/index.ts'
import type { AnyPlugin, Row } from '../../../src/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { type Answer, type Visitor, visit } from '../../support/visitor.ts'
import type { StartInstance, TestInstance } from '../every-instance.ts'

export const password = 'correct horse battery'

type Given = NonNullable<Parameters<StartInstance>[0]>

/** An instance with administrators, and shorthands for what tests do with them. */
export interface Office extends TestInstance {
  /** A new user, made by the application with this role, signed in. */
  join(name: string, role?: string): Promise<Visitor>
  /** Signs a user in, in a new browser. */
  signIn(name: string): Promise<Answer & { browser: Visitor }>
  /** A user's row. */
  user(name: string): Promise<Row>
  id(name: string): Promise<string>
  /** What only the application's own code calls. */
  own: {
    addUser(input: object): Promise<{ user: Row }>
    isPermitted(input: object): Promise<{ success: boolean }>
  }
}

export const startInMemory: StartInstance = async (given = {}) => {
  const test = createTestAuth(given)
  const rows = (model: string) => test.auth.context.adapter.findMany({ model, where: [], limit: 1000 })
  return { ...test, visit: () => visit(test.auth), rows } as TestInstance
}

export async function openOffice(
  options: AdminOptions = {},
  {
    start = startInMemory,
    more = [],
    ...given
  }: Omit<Given, 'plugins'> & {
    start?: StartInstance
    more?: readonly AnyPlugin[]
  } = {},
): Promise<Office> {
  const instance = await start({ ...given, plugins: [admin(options), ...more] })
  const { admin: own } = instance.auth.caller() as unknown as { admin: Office['own'] }
  const emailOf = (name: string) => `${name}@example.com`
  const user = async (name: string) => {
    const where = [{ field: 'email', value: emailOf(name) }]
    const row = await instance.auth.context.adapter.findOne({ model: 'user', where })
    if (!row) throw new Error(`there is no ${name}`)
    return row
  }
  const signIn = async (name: string) => {
    const browser = instance.visit()
    return { ...(await browser.post('/sign-in/email', { email: emailOf(name), password })), browser }
  }
  return {
    ...instance,
    own,
    user,
    id: async name => String((await user(name)).id),
    signIn,
    join: async (name, role) => {
      await own.addUser({ name, email: emailOf(name), password, ...(role && { role }) })
      return (await signIn(name)).browser
    },
  }
}

/** Status and code of an answer. */
export function told({ status, body }: Answer): string {
  return body.code ? `${status} ${body.code}` : String(status)
}
