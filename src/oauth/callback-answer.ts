import { z } from 'zod'

/** The query or form of a provider's callback (RFC 6749, section 4.1.2; RFC 9207). */
export const callbackFields = {
  code: z.string().max(8192).optional(),
  error: z.string().max(512).optional(),
  device_id: z.string().max(512).optional(),
  error_description: z.string().max(4096).optional(),
  // One that leads through another server has a whole flow in it.
  state: z.string().max(8192).optional(),
  user: z.string().max(8192).optional(),
  iss: z.string().max(2048).optional(),
}

const answer = z.object(callbackFields)
export type CallbackFields = z.infer<typeof answer>

/** What a provider's callback says, before any of it is believed. */
export interface CallbackAnswer extends CallbackFields {
  /** The provider, by the path. */
  id: string
}

/** What a callback of one kind asks for, and how it is called when it is not there. */
export interface CallbackRules {
  /**
   * What is told before a flow is looked for, as the query of the error page.
   * @throws AuthError where no redirect is the answer
   */
  early?(answer: CallbackAnswer): Record<string, string> | undefined
  errors: {
    /** The code is good for no tokens. */
    code: string
    /** The tokens name nobody. */
    user: string
    email: string
    /** Without this a user may be nameless. */
    name?: string
  }
  /** An address that the provider does not vouch for is enough for a link, which its owner asked for. */
  linksUnproven?: boolean
}
