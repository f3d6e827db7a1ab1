import { z } from 'zod'

const flowSchema = z.object({
  provider: z.string(),
  callbackURL: z.string(),
  errorURL: z.string().optional(),
  newUserURL: z.string().optional(),
  requestSignUp: z.boolean().optional(),
  additionalData: z.record(z.string(), z.unknown()).optional(),
  link: z.object({ userId: z.string() }).optional(),
})

/** What a stored flow has to be. */
export const startedSchema = flowSchema.extend({
  state: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
  expiresAt: z.number(),
})

/** A sign-in at a provider: what it is for, and where it leads. Addresses were checked before. */
export type OAuthFlow = z.infer<typeof flowSchema>

/** A flow on its way, with what protects it: none of this but `state` and the nonce is ever in an address. */
export type StartedFlow = z.infer<typeof startedSchema>
