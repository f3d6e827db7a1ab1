import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { findUserByEmail, findUserById, normalizeEmail } from '../../src/users.ts'
import { adminErrors, refusals } from './errors.ts'
import { requirePermission } from './guard.ts'
import { listUsers, userListInput } from './list-users.ts'
import type { AdminSettings } from './options.ts'

const tags = ['Admin']
const named = z.string().min(1).max(1024).optional()

/** `admin.getUser` and `.listUsers` */
export function readProcedures({ procedure, schemas }: ProcedureBuilder, settings: AdminSettings) {
  return {
    getUser: procedure
      .sensitive({
        rest: 'GET /admin/get-user',
        operationId: 'getUser',
        summary: 'A user, by id or address',
        errors: [refusals.YOU_ARE_NOT_ALLOWED_TO_GET_USER, adminErrors.USER_NOT_FOUND],
        tags,
      })
      .input(
        z
          .object({ id: named, userId: named, email: named })
          .refine(({ id, userId, email }) => [id, userId, email].filter(name => name !== undefined).length === 1, {
            message: 'Invalid input: expected string, received undefined',
            path: ['id'],
          }),
      )
      .output(schemas.user)
      .query(async ({ ctx: { auth }, input: { id, userId = id, email } }) => {
        requirePermission({ auth, settings }, { user: ['get'] }, refusals.YOU_ARE_NOT_ALLOWED_TO_GET_USER)
        const user = userId
          ? await findUserById(auth, userId)
          : await findUserByEmail(auth, normalizeEmail(String(email)))
        if (!user) throw new AuthError(adminErrors.USER_NOT_FOUND)
        return user
      }),

    listUsers: procedure
      .sensitive({
        rest: 'GET /admin/list-users',
        operationId: 'listUsers',
        summary: 'Users, searched, filtered, sorted and in pages',
        description: 'At most 100 unless `limit` says otherwise. `filterValue` may be given several times, for `in`.',
        errors: [refusals.YOU_ARE_NOT_ALLOWED_TO_LIST_USERS],
        tags,
      })
      .input(userListInput)
      .output(
        z.object({
          users: z.array(schemas.user),
          total: z.number(),
          limit: z.number().optional(),
          offset: z.number().optional(),
        }),
      )
      .query(({ ctx: { auth }, input = {} }) => {
        requirePermission({ auth, settings }, { user: ['list'] }, refusals.YOU_ARE_NOT_ALLOWED_TO_LIST_USERS)
        return listUsers(auth, input)
      }),
  }
}
