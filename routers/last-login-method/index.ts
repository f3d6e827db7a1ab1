import { lastLoginMethodSchema } from '../../entities/last-login-method.ts'
import type { Hooks } from '../../src/context.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { renameTables } from '../../src/plugin-schema.ts'
import { updateUser } from '../../src/users.ts'
import { methodOf, sendMethod } from './method.ts'
import { type LastLoginMethodOptions, type LastLoginMethodSettings, resolveLastLoginMethod } from './options.ts'

export type { LastLoginMethodOptions } from './options.ts'

type None = Record<never, never>
type LastLoginMethodSchema = typeof lastLoginMethodSchema

/**
 * Remembers how somebody signed in last, so that the sign-in page can say so: in a cookie that its scripts read, and with
 * `storeInDatabase` as the user's `lastLoginMethod`.
 * @throws when browsers would not take the cookie
 */
export function lastLoginMethod(
  options: LastLoginMethodOptions & { storeInDatabase: true },
): Plugin<None, LastLoginMethodSchema>
export function lastLoginMethod(options?: LastLoginMethodOptions): Plugin<None, None>
export function lastLoginMethod(options: LastLoginMethodOptions = {}): Plugin<None, LastLoginMethodSchema | None> {
  const settings = resolveLastLoginMethod(options)
  const sessionSent: Hooks['sessionSent'] = (_data, auth) => sendMethod(auth, settings)
  if (!options.storeInDatabase) return definePlugin({ id: 'last-login-method', hooks: { sessionSent } })
  const fields = { ...options.schema?.user }
  return definePlugin({
    id: 'last-login-method',
    schema: renameTables(lastLoginMethodSchema, { user: { fields } }),
    hooks: { sessionSent, ...storingHooks(settings) },
  })
}

/** Writes it to the user who signs up, and to the one whose session begins. */
function storingHooks(settings: LastLoginMethodSettings): Pick<Hooks, 'userCreating' | 'sessionCreated'> {
  return {
    userCreating: (_draft, auth) => {
      const method = methodOf(auth, settings)
      return method ? { lastLoginMethod: method } : undefined
    },
    sessionCreated: async ({ userId }, auth) => {
      const method = methodOf(auth, settings)
      if (method) await updateUser(auth, userId, { lastLoginMethod: method })
    },
  }
}
