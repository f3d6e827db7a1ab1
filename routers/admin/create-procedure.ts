import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { assertAcceptable } from '../email-password/index.ts'
import { assertMayGive } from './chosen-role.ts'
import { refusals } from './errors.ts'
import { requirePermission } from './guard.ts'
import type { AdminSettings } from './options.ts'
import { chooseUserData } from './user-data.ts'
import { assertMayWrite, newUser, newUserErrors } from './user-inputs.ts'
import { addUser } from './write-user.ts'

/** `admin.createUser` */
export function createProcedures({ procedure, schemas }: ProcedureBuilder, settings: AdminSettings) {
  const refusal = refusals.YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS
  return {
    createUser: procedure
      .sensitive({
        rest: 'POST /admin/create-user',
        operationId: 'createUser',
        ownerOnly: true,
        summary: 'Creates a user',
        description:
          'Without a password the user has to sign in by another way. `data` takes further fields of the user; a role ' +
          'other than the default one needs the permission to set roles.',
        errors: [
          refusal,
          refusals.YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE,
          refusals.YOU_ARE_NOT_ALLOWED_TO_BAN_USERS,
          ...newUserErrors,
        ],
        tags: ['Admin'],
      })
      .input(newUser)
      .output(z.object({ user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input: { password, data, role, ...core } }) => {
        const scope = { auth, settings }
        requirePermission(scope, { user: ['create'] }, refusal)
        const given = { ...core, ...(role !== undefined && { role }), ...data }
        // The default role is everybody's.
        if (given.role === settings.defaultRole) delete given.role
        assertMayWrite(scope, given)
        const fields = await chooseUserData(auth, given, { user: null, settings })
        if (typeof fields.role === 'string') assertMayGive(scope, fields.role)
        if (password) await assertAcceptable(auth, password)
        const user = await addUser(auth, fields, password && (await auth.kernel.hasher.hash(password)))
        const adminId = auth.signedIn.user.id
        await auth.kernel.events.emit('admin.user-created', { userId: user.id, adminId })
        return { user }
      }),
  }
}
