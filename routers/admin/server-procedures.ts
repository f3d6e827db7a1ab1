import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ServerProcedureBuilder } from '../../src/plugin.ts'
import { findUserById } from '../../src/users.ts'
import { assertAcceptable } from '../email-password/index.ts'
import { permits } from './authority.ts'
import { adminErrors } from './errors.ts'
import { userId } from './guard.ts'
import type { AdminSettings } from './options.ts'
import { permissionInput } from './permission-procedure.ts'
import { chooseUserData } from './user-data.ts'
import { newUser, newUserErrors } from './user-inputs.ts'
import { addUser } from './write-user.ts'

const tags = ['Admin']

/** `admin.addUser` and `.isPermitted` */
export function adminServerProcedures({ procedure, schemas }: ServerProcedureBuilder, settings: AdminSettings) {
  return {
    admin: {
      addUser: procedure
        .public({
          operationId: 'addUser',
          summary: 'Creates a user on behalf of the application, such as the first administrator',
          errors: newUserErrors,
          tags,
        })
        .input(newUser)
        .output(z.object({ user: schemas.user }))
        .mutation(async ({ ctx: { auth }, input: { password, data, role, ...core } }) => {
          const given = { ...core, ...(role !== undefined && { role }), ...data }
          const fields = await chooseUserData(auth, given, { user: null, settings })
          if (password) await assertAcceptable(auth, password)
          const user = await addUser(auth, fields, password && (await auth.kernel.hasher.hash(password)))
          await auth.kernel.events.emit('admin.user-created', { userId: user.id })
          return { user }
        }),

      isPermitted: procedure
        .public({
          operationId: 'isPermitted',
          summary: 'Whether a role, or else a user, may do all of this',
          errors: [adminErrors.USER_NOT_FOUND],
          tags,
        })
        .input(
          z.union([
            z.object({ role: z.string().max(1024), permissions: permissionInput }),
            z.object({ userId, permissions: permissionInput }),
          ]),
        )
        .output(z.object({ success: z.boolean() }))
        .query(async ({ ctx: { auth }, input }) => {
          const holder = 'role' in input ? { id: '', role: input.role } : await findUserById(auth, input.userId)
          if (!holder) throw new AuthError(adminErrors.USER_NOT_FOUND)
          return { success: permits(settings, holder, input.permissions) }
        }),
    },
  }
}

export interface AdminServerRouter extends ReturnType<typeof adminServerProcedures> {}
