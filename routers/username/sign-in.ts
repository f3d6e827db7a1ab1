import { z } from 'zod'
import { LONGEST_PASSWORD } from '../../src/accounts.ts'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { signedInSchema, signInWithPassword } from '../email-password/index.ts'
import { nameErrors, signInErrors } from './errors.ts'
import { findUserByUsername, readUsername } from './names.ts'
import type { UsernameRules } from './options.ts'

const tags = ['Username']
/** A form may ask at every pause in typing; whoever collects names needs more. */
const availabilityLimit = { window: 60, max: 30 }
/** Room for names that are too long, so that it can be told. */
const given = z.string().max(1024)

const refusals = { wrong: signInErrors.INVALID_USERNAME_OR_PASSWORD, unproven: signInErrors.EMAIL_NOT_VERIFIED }

export function signInProcedures({ procedure, schemas }: ProcedureBuilder, rules: UsernameRules) {
  return {
    username: procedure
      .public({
        rest: 'POST /sign-in/username',
        operationId: 'signInUsername',
        summary: 'Signs in with username and password',
        description: 'Sets the session cookie. A wrong password and an unknown name are answered alike, in time too.',
        errors: [...Object.values(signInErrors), ...Object.values(nameErrors), errors.SERVICE_BUSY],
        sessionCookie: 'set',
        signsIn: true,
        tags,
      })
      .input(
        z.object({
          username: given,
          password: z.string().max(LONGEST_PASSWORD),
          rememberMe: z.boolean().optional(),
          callbackURL: z.string().max(2048).optional(),
        }),
      )
      .output(signedInSchema(schemas))
      .mutation(async ({ ctx: { auth }, input }) => {
        if (!input.username || !input.password) throw new AuthError(signInErrors.INVALID_USERNAME_OR_PASSWORD)
        const username = await readUsername(rules, input.username, nameErrors)
        const user = await findUserByUsername(auth, username)
        // By name and not by address: counted together with sign-ins by address, a name that is held up would tell which
        // address it belongs to.
        return signInWithPassword(auth, { ...input, user, countedAs: `username ${username}` }, refusals)
      }),
  }
}

export function availabilityProcedures({ procedure }: ProcedureBuilder, rules: UsernameRules) {
  return {
    isAvailable: procedure
      .public({
        rest: 'POST /is-username-available',
        operationId: 'isUsernameAvailable',
        summary: 'Whether a username is free',
        description: 'Names are known to whoever signs up, so this tells nothing that sign-up does not.',
        errors: Object.values(nameErrors),
        limit: availabilityLimit,
        tags,
      })
      .input(z.object({ username: given }))
      .output(z.object({ available: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input: { username } }) => {
        if (!username) throw new AuthError(nameErrors.INVALID_USERNAME)
        const taken = await findUserByUsername(auth, await readUsername(rules, username, nameErrors))
        return { available: !taken }
      }),
  }
}
