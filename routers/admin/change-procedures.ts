import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { assertMayGive, chosenRole } from './chosen-role.ts'
import { adminErrors, refusals, roleErrors, userDataErrors } from './errors.ts'
import { requirePermission, requireTarget, userId } from './guard.ts'
import type { AdminSettings } from './options.ts'
import { chooseUserData } from './user-data.ts'
import { assertMayWrite, data, roles } from './user-inputs.ts'
import { changeUser } from './write-user.ts'

const tags = ['Admin']

/** `admin.updateUser` and `.setRole` */
export function changeProcedures({ procedure, schemas }: ProcedureBuilder, settings: AdminSettings) {
  const refusal = refusals.YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS
  const roleRefusal = refusals.YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE
  return {
    updateUser: procedure
      .sensitive({
        rest: 'POST /admin/update-user',
        operationId: 'adminUpdateUser',
        ownerOnly: true,
        summary: "Changes a user's fields",
        description: 'A new address is unproven, unless `emailVerified` says otherwise. A ban ends all sessions.',
        errors: [
          refusal,
          roleRefusal,
          refusals.YOU_ARE_NOT_ALLOWED_TO_BAN_USERS,
          adminErrors.USER_NOT_FOUND,
          adminErrors.YOU_CANNOT_BAN_YOURSELF,
          adminErrors.INVALID_EMAIL,
          adminErrors.USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
          ...Object.values(userDataErrors),
        ],
        tags,
      })
      .input(z.object({ userId, data }))
      .output(schemas.user)
      .mutation(async ({ ctx: { auth }, input }) => {
        const scope = { auth, settings }
        const admin = auth.signedIn.user
        requirePermission(scope, { user: ['update'] }, refusal)
        if (Object.keys(input.data).length === 0) throw new AuthError(userDataErrors.NO_DATA_TO_UPDATE)
        assertMayWrite(scope, input.data)
        if (Object.hasOwn(input.data, 'role')) assertMayGive(scope, chosenRole(settings, input.data.role))
        const target = await requireTarget(scope, input.userId, refusal)
        const changes = await chooseUserData(auth, input.data, { user: target, settings })
        if (changes.banned === true && target.id === admin.id) throw new AuthError(adminErrors.YOU_CANNOT_BAN_YOURSELF)
        const user = await changeUser(auth, target, changes)
        const fields = Object.keys(changes)
        await auth.kernel.events.emit('admin.user-updated', { userId: user.id, adminId: admin.id, fields })
        return user
      }),

    setRole: procedure
      .sensitive({
        rest: 'POST /admin/set-role',
        operationId: 'setRole',
        ownerOnly: true,
        summary: "Sets a user's role or roles",
        description: 'None that allow more than the own ones, and of nobody whose own allow more.',
        errors: [roleRefusal, adminErrors.USER_NOT_FOUND, ...Object.values(roleErrors)],
        tags,
      })
      .input(z.object({ userId, role: roles }))
      .output(z.object({ user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const scope = { auth, settings }
        requirePermission(scope, { user: ['set-role'] }, roleRefusal)
        const role = chosenRole(settings, input.role)
        assertMayGive(scope, role)
        const target = await requireTarget(scope, input.userId, roleRefusal)
        const user = await changeUser(auth, target, { role })
        await auth.kernel.events.emit('admin.role-set', { userId: user.id, adminId: auth.signedIn.user.id, role })
        return { user }
      }),
  }
}
