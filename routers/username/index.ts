import { usernameSchema } from '../../entities/username.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { renameTables } from '../../src/plugin-schema.ts'
import { chosenErrors } from './errors.ts'
import { usernameHooks } from './hooks.ts'
import { resolveUsername, type UsernameOptions } from './options.ts'
import { type UsernameRouter, usernameProcedures } from './procedures.ts'

export type { UsernameOptions, ValidationOrder } from './options.ts'
export type { UsernameRouter } from './procedures.ts'

type UsernameSchema = typeof usernameSchema

/**
 * Users have a username, with which they sign in, and a spelling of it to be shown. `/sign-up/email` and `/update-user`
 * take both.
 * @throws when the lengths make no sense
 */
export function username(options: UsernameOptions = {}): Plugin<UsernameRouter, UsernameSchema> {
  const rules = resolveUsername(options)
  return definePlugin<UsernameRouter, UsernameSchema>({
    id: 'username',
    signInMethod: 'username',
    requires: ['email-password'],
    schema: renameTables(usernameSchema, options.schema),
    procedures: builder => usernameProcedures(builder, rules),
    hooks: usernameHooks(rules),
    hookErrors: Object.values(chosenErrors),
  })
}
