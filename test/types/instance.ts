import { z } from 'zod'
import { definePlugin, type Fields, init, memoryAdapter, type ProcedureBuilder } from '../../src/index.ts'
import { secondStep } from '../support/second-step-plugin.ts'

export const userFields = {
  country: { type: 'string', input: true },
  nickname: { type: 'string', required: false, input: true },
  newsletter: { type: 'boolean', input: true, defaultValue: false },
  born: { type: 'date', required: false, input: true },
  plan: { type: ['free', 'paid'], required: false, input: true },
  hiddenNote: { type: 'string', required: false, input: true, returned: false },
  rank: { type: 'number', required: false },
} as const satisfies Fields

/** A plugin with fields on both models, and procedures of its own and in a branch that others fill, too. */
export function badge() {
  return definePlugin({
    id: 'badge',
    schema: {
      user: { fields: { badgeNumber: { type: 'number', required: false } } },
      session: { fields: { door: { type: 'string', required: false, input: true } } },
    },
    procedures: ({ procedure, schemas }: ProcedureBuilder) => ({
      badge: {
        holder: procedure
          .session({ operationId: 'badgeHolder', summary: 'Who holds the badge' })
          .input(z.object({ number: z.number() }))
          .output(z.object({ holders: z.array(z.object({ user: schemas.user, since: z.date() })) }))
          .query(({ ctx: { auth } }) => ({ holders: [{ user: auth.signedIn.user, since: new Date(0) }] })),
      },
      signIn: {
        badge: procedure
          .public({ operationId: 'signInBadge', summary: 'Signs in with a badge' })
          .input(z.object({ number: z.number() }))
          .output(z.object({ session: schemas.session }).nullable())
          .mutation(() => null),
      },
    }),
  })
}

const base = { secret: 'only-types-matter-here', database: memoryAdapter(), logger: { error: () => undefined } }

/** An instance with everything that shapes types, and one with nothing. */
export const auth = init({
  ...base,
  plugins: [secondStep(), badge()],
  user: { additionalFields: userFields },
  session: { additionalFields: { theme: { type: 'string', required: false, input: true } } },
})
export const plain = init(base)
