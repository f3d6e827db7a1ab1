import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { methods, type Parts, requireAdministrator, secretFields, tags, writing } from './administrator.ts'
import { adminConfigErrors } from './errors.ts'

/** `adminConfig.authMethods` and `.setAuthMethods` */
export function methodProcedures({ procedure }: ProcedureBuilder, parts: Parts) {
  return {
    authMethods: procedure
      .sensitive({
        rest: 'GET /admin/config/auth-methods',
        operationId: 'getAuthMethodsConfig',
        summary: 'The ways to sign in, and which of them are on',
        errors: [adminConfigErrors.ADMIN_CONFIG_FORBIDDEN],
        tags,
      })
      .output(z.object({ methods }))
      .query(async ({ ctx: { auth } }) => {
        await requireAdministrator(auth, parts)
        return { methods: await parts.switches.list(auth.kernel) }
      }),

    setAuthMethods: procedure
      .sensitive({
        rest: 'POST /admin/config/auth-methods',
        operationId: 'setAuthMethodsConfig',
        summary: 'Turns ways to sign in on or off; those that are not named stay as they are',
        errors: [...writing, adminConfigErrors.UNKNOWN_AUTH_METHOD, adminConfigErrors.NO_AUTH_METHOD_LEFT],
        ownerOnly: true,
        tags,
      })
      .input(z.object({ value: methods, secretFields }))
      .output(z.object({ methods }))
      .mutation(async ({ ctx: { auth }, input }) => {
        await requireAdministrator(auth, parts)
        const set = await parts.switches.set(auth.kernel, input.value)
        await auth.kernel.events.emit('admin-config.changed', {
          section: 'auth-methods',
          userId: auth.signedIn.user.id,
        })
        return { methods: set }
      }),
  }
}
