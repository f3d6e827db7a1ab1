import { z } from 'zod'
import type { ServerProcedureBuilder } from '../../src/plugin.ts'
import { configValue, methods, type Parts, tags } from './administrator.ts'
import { adminConfigErrors } from './errors.ts'
import { PRIVATE_SECTIONS } from './sections.ts'
import { openSection, readSection } from './store.ts'

/** `adminConfig.read` and `.switch`, for the application's own code */
export function adminConfigServerProcedures({ procedure }: ServerProcedureBuilder, { switches }: Parts) {
  return {
    adminConfig: {
      read: procedure
        .public({
          operationId: 'readConfig',
          summary: 'A section with its secrets, for the code that sends mail or asks Stripe',
          tags,
        })
        .input(z.object({ section: z.enum(PRIVATE_SECTIONS) }))
        .output(z.object({ value: configValue }))
        .query(async ({ ctx: { auth }, input: { section } }) => ({
          value: openSection(auth.kernel, section, await readSection(auth.kernel, section)),
        })),

      switch: procedure
        .public({
          operationId: 'switchAuthMethods',
          summary: 'Turns ways to sign in on or off, such as when no administrator can sign in any more',
          errors: [
            adminConfigErrors.UNKNOWN_AUTH_METHOD,
            adminConfigErrors.NO_AUTH_METHOD_LEFT,
            adminConfigErrors.ADMIN_CONFIG_TOO_LARGE,
          ],
          tags,
        })
        .input(z.object({ methods }))
        .output(z.object({ methods }))
        .mutation(async ({ ctx: { auth }, input }) => {
          const set = await switches.set(auth.kernel, input.methods)
          await auth.kernel.events.emit('admin-config.changed', { section: 'auth-methods' })
          return { methods: set }
        }),
    },
  }
}

export interface AdminConfigServerRouter extends ReturnType<typeof adminConfigServerProcedures> {}
