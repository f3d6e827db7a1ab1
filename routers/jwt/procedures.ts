import { z } from 'zod'
import { AuthError, errors } from '../../src/errors.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { jwtErrors } from './errors.ts'
import { type Issuer, signSession } from './tokens.ts'

export const tags = ['JWT']

const publicKey = z
  .object({
    alg: z.string(),
    crv: z.string().optional(),
    x: z.string().optional(),
    y: z.string().optional(),
    kty: z.string(),
    n: z.string().optional(),
    e: z.string().optional(),
    kid: z.string(),
  })
  .meta({ id: 'JsonWebKey', description: 'A public key (RFC 7517)' })

/** What is told of the next key. */
export const rotated = z.object({ kid: z.string(), algorithm: z.string(), usedFrom: z.date() })

/** `jwt.jwks`, `.token` and `.rotate` */
export function jwtProcedures({ procedure }: ProcedureBuilder, issuer: Issuer) {
  const { settings, keys } = issuer
  const { jwks, rotation } = settings.options
  return {
    jwt: {
      jwks: procedure
        .public({
          rest: `GET ${settings.jwksPath}`,
          operationId: 'getJwks',
          summary: 'The public keys that tokens are verified with',
          description: 'Includes the next key before it is used, and former ones for as long as their tokens hold.',
          errors: [errors.NOT_FOUND],
          cacheFor: settings.cacheFor,
          tags,
        })
        .output(z.object({ keys: z.array(publicKey) }))
        .query(async ({ ctx: { auth } }) => {
          if (jwks?.remoteUrl) throw new AuthError(errors.NOT_FOUND)
          const published = await keys.published(auth.kernel)
          return {
            keys: published.map(({ id: kid, alg, publicJwk }) => ({
              ...publicJwk,
              kty: publicJwk.kty ?? '',
              alg,
              kid,
            })),
          }
        }),

      token: procedure
        .sensitive({
          rest: 'GET /token',
          operationId: 'getToken',
          ownerOnly: true,
          summary: 'A signed token that tells other services who the user is',
          description: "Not for somebody who acts in the user's name: the services would see nobody but the user.",
          tags,
        })
        .output(z.object({ token: z.string() }))
        .query(async ({ ctx: { auth } }) => ({ token: await signSession(auth, auth.signedIn, issuer) })),

      rotate: procedure
        .sensitive({
          rest: 'POST /jwks/rotate',
          operationId: 'rotateJwks',
          summary: 'Makes the next key, which is published at once and used later',
          description: 'For those whom the option `rotation.authorize` allows; without it for administrators.',
          errors: [jwtErrors.KEY_ROTATION_NOT_ALLOWED],
          tags,
        })
        .output(rotated)
        .mutation(async ({ ctx: { auth } }) => {
          const { session, user } = auth.signedIn
          const authorize = rotation?.authorize ?? (current => auth.kernel.hooks.administers(current, auth))
          if ((await authorize({ session, user })) !== true) {
            throw new AuthError(jwtErrors.KEY_ROTATION_NOT_ALLOWED)
          }
          const { key, usedFrom } = await keys.rotate(auth.kernel)
          return { kid: key.id, algorithm: key.alg, usedFrom }
        }),
    },
  }
}

export interface JwtRouter extends ReturnType<typeof jwtProcedures> {}
