import { z } from 'zod'

/** The one application that the bundled provider knows. */
export type Client = { id: string; secret: string; redirectURI: string }

/** What an application asks for (OpenID Connect Core, section 3.1.2.1). PKCE with S256 is demanded (RFC 7636). */
export function authorizationRequestOf(client: Client) {
  return z.object({
    client_id: z.literal(client.id),
    // Compared as a whole (RFC 9700, section 2.1): a code must go nowhere else.
    redirect_uri: z.literal(client.redirectURI),
    response_type: z.literal('code'),
    scope: z.string().refine(scope => scope.split(' ').includes('openid'), 'The scope openid is missing'),
    state: z.string().min(1),
    nonce: z.string().optional(),
    code_challenge: z.string().length(43),
    code_challenge_method: z.literal('S256'),
  })
}

export type AuthorizationRequest = z.infer<ReturnType<typeof authorizationRequestOf>>
