import { ADMIN_MODELS } from '../../entities/admin.ts'
import { errors } from '../../src/errors.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { renameTables } from '../../src/plugin-schema.ts'
import { sessionErrors } from './errors.ts'
import { adminHooks } from './hooks.ts'
import { type AdminOptions, resolveAdmin } from './options.ts'
import { type AdminRouter, adminProcedures } from './procedures.ts'
import { type AdminServerRouter, adminServerProcedures } from './server-procedures.ts'

export type { AdminEvents } from './events.ts'
export type { AdminOptions } from './options.ts'
export type { AdminRouter } from './procedures.ts'
export type { AdminServerRouter } from './server-procedures.ts'
export { adminAc, defaultAc, defaultRoles, defaultStatements, userAc } from './statements.ts'

export interface AdminPlugin extends Plugin<AdminRouter, typeof ADMIN_MODELS, never, AdminServerRouter> {}

/**
 * Users for administrators: roles, bans, sessions, passwords, and acting in a user's name.
 * @throws when an administrators' role does not exist, or a time makes no sense
 */
export function admin(options: AdminOptions = {}): AdminPlugin {
  const settings = resolveAdmin(options)
  return definePlugin<AdminRouter, typeof ADMIN_MODELS, never, AdminServerRouter>({
    id: 'admin',
    requires: ['email-password'],
    schema: renameTables(ADMIN_MODELS, options.schema),
    procedures: builder => adminProcedures(builder, settings),
    serverProcedures: builder => adminServerProcedures(builder, settings),
    hooks: adminHooks(settings),
    // Other plugins ask who administers.
    hookErrors: [...Object.values(sessionErrors), ...(settings.requireSecondFactor ? [errors.STEP_UP_REQUIRED] : [])],
  })
}
