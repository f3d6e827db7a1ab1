import { z } from 'zod'

const url = z.string().max(2048).optional()
const token = z.string().max(65_536)

/** Longest `additionalData`, as JSON: it has to fit into a cookie. */
const LONGEST_DATA = 4096

export const providerId = z.string().max(128)

/** What a sign-in and a link at a provider have in common. */
export const flowShape = {
  // In Better Auth's words, who has a list of names besides.
  provider: z.string('Invalid input').max(128),
  callbackURL: url,
  errorCallbackURL: url,
  newUserCallbackURL: url,
  disableRedirect: z.boolean().optional(),
  requestSignUp: z.boolean().optional(),
  scopes: z.array(z.string().max(512)).max(100).optional(),
  loginHint: z.string().max(1024).optional(),
  additionalParams: z.record(z.string().max(128), z.string().max(2048)).optional(),
  additionalData: z
    .record(z.string(), z.unknown())
    .refine(data => JSON.stringify(data).length <= LONGEST_DATA, `additionalData is over ${LONGEST_DATA} characters`)
    .optional(),
}

const flowInput = z.object(flowShape)
export type FlowInput = z.infer<typeof flowInput>

/** An id token that the client got by itself. */
export const broughtIdToken = z.object({
  token,
  nonce: z.string().max(1024).optional(),
  accessToken: token.optional(),
  refreshToken: token.optional(),
  expiresAt: z.number().optional(),
  scopes: z.array(z.string().max(512)).max(100).optional(),
  user: z
    .object({
      name: z
        .object({ firstName: z.string().max(512).optional(), lastName: z.string().max(512).optional() })
        .optional(),
      email: z.string().max(255).optional(),
    })
    .optional(),
})
