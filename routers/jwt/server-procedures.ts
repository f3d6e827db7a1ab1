import { z } from 'zod'
import type { ServerProcedureBuilder } from '../../src/plugin.ts'
import { jwtErrors } from './errors.ts'
import { rotated, tags } from './procedures.ts'
import { type Issuer, signClaims } from './tokens.ts'
import { createVerifier } from './verify.ts'

const claims = z
  .looseObject({
    iss: z.string(),
    sub: z.string(),
    aud: z.union([z.string(), z.array(z.string())]),
    jti: z.string(),
    nbf: z.number(),
    exp: z.number(),
    iat: z.number(),
  })
  .partial()

const overrideOptions = z.object({
  jwt: z
    .object({
      issuer: z.string(),
      audience: z.union([z.string(), z.array(z.string())]),
      expirationTime: z.union([z.number(), z.string(), z.date()]),
    })
    .partial()
    .optional(),
})

/** `jwt.sign`, `.verify` and `.rotateKeys`, for the application's own code */
export function jwtServerProcedures({ procedure }: ServerProcedureBuilder, issuer: Issuer) {
  const verify = createVerifier(issuer)
  return {
    jwt: {
      sign: procedure
        .public({
          operationId: 'signJWT',
          summary: 'Signs the claims that the application gives, registered ones included',
          errors: [jwtErrors.TOKEN_OUTLIVES_KEY],
          tags,
        })
        .input(z.object({ payload: claims, overrideOptions: overrideOptions.optional() }))
        .output(z.object({ token: z.string() }))
        .mutation(async ({ ctx: { auth }, input: { payload, overrideOptions } }) => ({
          token: await signClaims(auth, payload, { ...issuer, overrides: overrideOptions?.jwt }),
        })),

      verify: procedure
        .public({
          operationId: 'verifyJWT',
          summary: 'The claims of a token of this instance, or null when it does not hold',
          tags,
        })
        .input(z.object({ token: z.string().max(16_384), issuer: z.string().max(2048).optional() }))
        .output(z.object({ payload: claims.nullable() }))
        .query(async ({ ctx: { auth }, input }) => ({ payload: await verify(auth, input.token, input.issuer) })),

      rotateKeys: procedure
        .public({
          operationId: 'rotateKeys',
          summary: 'Makes the next key on behalf of the application, published at once and used later',
          tags,
        })
        .output(rotated)
        .mutation(async ({ ctx: { auth } }) => {
          const { key, usedFrom } = await issuer.keys.rotate(auth.kernel)
          return { kid: key.id, algorithm: key.alg, usedFrom }
        }),
    },
  }
}

export interface JwtServerRouter extends ReturnType<typeof jwtServerProcedures> {}
