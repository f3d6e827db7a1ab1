import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/index.ts'
import { createCode, revokeCode } from './codes.ts'
import { inviteCodeErrors as errors } from './errors.ts'

const tags = ['Invite codes']

export function inviteCodeProcedures({ procedure }: ProcedureBuilder, most: number) {
  return {
    inviteCode: {
      create: procedure
        .sensitive({
          rest: 'POST /invite-code/create',
          operationId: 'createInviteCode',
          summary: 'Makes a code with which somebody can sign up once',
          errors: [errors.TOO_MANY_INVITE_CODES],
          limit: { window: 60, max: 10 },
          tags,
        })
        .output(z.object({ id: z.string(), code: z.string() }))
        .mutation(({ ctx: { auth } }) => createCode(auth.kernel, auth.signedIn.user.id, most)),

      list: procedure
        .session({
          rest: 'GET /invite-code/list',
          operationId: 'listInviteCodes',
          summary: "The signed-in user's codes that nobody has used yet",
          tags,
        })
        .output(z.array(z.object({ id: z.string(), createdAt: z.date() })))
        .query(async ({ ctx: { auth } }) => {
          const where = [{ field: 'ownerId', value: auth.signedIn.user.id }]
          const rows = await auth.kernel.adapter.findMany({ model: 'inviteCode', where })
          return rows.map(({ id, createdAt }) => ({ id: String(id), createdAt: createdAt as Date }))
        }),

      revoke: procedure
        .sensitive({
          rest: 'POST /invite-code/revoke',
          operationId: 'revokeInviteCode',
          summary: 'Takes back one of the codes of the signed-in user',
          errors: [errors.INVITE_CODE_NOT_FOUND],
          tags,
        })
        .input(z.object({ id: z.string().max(64) }))
        .output(z.object({ status: z.boolean() }))
        .mutation(async ({ ctx: { auth }, input: { id } }) => {
          await revokeCode(auth.kernel, { id, ownerId: auth.signedIn.user.id })
          return { status: true }
        }),
    },
  }
}

export interface InviteCodeRouter extends ReturnType<typeof inviteCodeProcedures> {}
