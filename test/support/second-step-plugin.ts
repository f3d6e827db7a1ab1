import { z } from 'zod'
import { AuthError, defineErrors, definePlugin, type ProcedureBuilder } from '../../src/index.ts'
import { createSession, sendSession } from '../../src/sessions.ts'
import { findUserById } from '../../src/users.ts'

const secondStepErrors = defineErrors({ WRONG_CODE: [401, 'Wrong code'] })

/** What a sign-in is answered with instead of a session. */
export const secondStepChallenge = z.object({
  secondStep: z.literal(true),
  userId: z.string(),
  methods: z.array(z.string()),
})

function procedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    signIn: {
      secondStep: procedure
        .public({
          rest: 'POST /sign-in/second-step',
          operationId: 'signInSecondStep',
          summary: 'Completes a sign-in with the second step',
          errors: [secondStepErrors.WRONG_CODE],
          sessionCookie: 'set',
          tags: ['Second step'],
        })
        .input(z.object({ userId: z.string().max(64), code: z.string().max(16) }))
        .output(z.object({ token: z.string(), user: schemas.user }))
        .mutation(async ({ ctx: { auth }, input }) => {
          const user = await findUserById(auth, input.userId)
          if (!user || input.code !== '123456') throw new AuthError(secondStepErrors.WRONG_CODE)
          const session = await createSession(auth, user, { fields: { secondStep: true } })
          sendSession(auth, { session, user })
          return { token: session.token, user }
        }),
    },
  }
}

/** A second step of sign-in for users who have it on: the smallest plugin that interrupts a sign-in. */
export function secondStep() {
  return definePlugin({
    id: 'second-step',
    schema: {
      user: { fields: { secondStepOn: { type: 'boolean', input: true, defaultValue: false } } },
      session: { fields: { secondStep: { type: 'boolean', required: false } } },
    },
    procedures,
    challenge: secondStepChallenge,
    hooks: {
      credentialVerified: ({ user }) => {
        const { secondStepOn } = user as typeof user & { secondStepOn?: boolean }
        return secondStepOn ? { secondStep: true, userId: user.id, methods: ['code'] } : undefined
      },
    },
  })
}
