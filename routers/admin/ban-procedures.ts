import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { unban, updateWithBan } from './bans.ts'
import { adminErrors, refusals } from './errors.ts'
import { requirePermission, requireTarget, userId } from './guard.ts'
import { type AdminSettings, LONGEST_SPAN } from './options.ts'

const tags = ['Admin']
const refusal = refusals.YOU_ARE_NOT_ALLOWED_TO_BAN_USERS
const permission = { user: ['ban'] }

/** `admin.banUser` and `.unbanUser` */
export function banProcedures({ procedure, schemas }: ProcedureBuilder, settings: AdminSettings) {
  return {
    banUser: procedure
      .sensitive({
        rest: 'POST /admin/ban-user',
        operationId: 'banUser',
        summary: "Ends all of a user's sessions, and lets none begin",
        description:
          '`banExpiresIn` is in seconds; without it the ban holds for ever, unless the options say otherwise.',
        errors: [refusal, adminErrors.USER_NOT_FOUND, adminErrors.YOU_CANNOT_BAN_YOURSELF],
        tags,
      })
      .input(
        z.object({
          userId,
          banReason: z.string().max(1024).optional(),
          banExpiresIn: z.number().min(0).max(LONGEST_SPAN).optional(),
        }),
      )
      .output(z.object({ user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const scope = { auth, settings }
        requirePermission(scope, permission, refusal)
        const target = await requireTarget(scope, input.userId, refusal)
        const adminId = auth.signedIn.user.id
        if (target.id === adminId) throw new AuthError(adminErrors.YOU_CANNOT_BAN_YOURSELF)
        const { defaultBanReason, defaultBanExpiresIn } = settings
        const seconds = input.banExpiresIn || defaultBanExpiresIn
        const until = seconds ? new Date(auth.kernel.now().getTime() + seconds * 1000) : null
        const reason = input.banReason || defaultBanReason
        const ban = { banned: true, banReason: reason, banExpires: until }
        const user = await updateWithBan(auth, target.id, ban)
        if (!user) throw new AuthError(adminErrors.USER_NOT_FOUND)
        await auth.kernel.events.emit('admin.user-banned', { userId: user.id, adminId, reason, until })
        return { user }
      }),

    unbanUser: procedure
      .sensitive({
        rest: 'POST /admin/unban-user',
        operationId: 'unbanUser',
        summary: 'Lets a banned user sign in again',
        errors: [refusal, adminErrors.USER_NOT_FOUND],
        tags,
      })
      .input(z.object({ userId }))
      .output(z.object({ user: schemas.user }))
      .mutation(async ({ ctx: { auth }, input }) => {
        const scope = { auth, settings }
        requirePermission(scope, permission, refusal)
        const target = await requireTarget(scope, input.userId, refusal)
        const user = await unban(auth, target.id)
        if (!user) throw new AuthError(adminErrors.USER_NOT_FOUND)
        const adminId = auth.signedIn.user.id
        await auth.kernel.events.emit('admin.user-unbanned', { userId: user.id, adminId })
        return { user }
      }),
  }
}
