import { ADMIN_CONFIG_MODELS } from '../../entities/admin-config.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { renameTables } from '../../src/plugin-schema.ts'
import { methodErrors } from './errors.ts'
import { createMethodSwitches } from './methods.ts'
import { type AdminConfigOptions, resolveAdminConfig } from './options.ts'
import { type AdminConfigRouter, adminConfigProcedures } from './procedures.ts'
import { type AdminConfigServerRouter, adminConfigServerProcedures } from './server-procedures.ts'

export type { AdminConfigEvents } from './events.ts'
export type { AdminConfigOptions } from './options.ts'
export type { AdminConfigRouter } from './procedures.ts'
export type { Section } from './sections.ts'
export type { AdminConfigServerRouter } from './server-procedures.ts'

export interface AdminConfigPlugin
  extends Plugin<AdminConfigRouter, typeof ADMIN_CONFIG_MODELS, never, AdminConfigServerRouter> {}

/**
 * Settings that administrators change while the instance runs: which ways to sign in are on, e-mail clients, Stripe, and
 * what user interfaces show. Until somebody changes one, everything is as without it.
 * @throws when a time makes no sense
 */
export function adminConfig(options: AdminConfigOptions = {}): AdminConfigPlugin {
  const settings = resolveAdminConfig(options)
  const switches = createMethodSwitches(settings)
  const parts = { settings, switches }
  return definePlugin<AdminConfigRouter, typeof ADMIN_CONFIG_MODELS, never, AdminConfigServerRouter>({
    id: 'admin-config',
    schema: renameTables(ADMIN_CONFIG_MODELS, options.schema),
    procedures: builder => adminConfigProcedures(builder, parts),
    serverProcedures: builder => adminConfigServerProcedures(builder, parts),
    hooks: { methodUsing: ({ method }, auth) => switches.refuseDisabled(auth, method) },
    hookErrors: Object.values(methodErrors),
  })
}
