import express, { type Express, type Response } from 'express'
import { type AuthorizationRequest, authorizationRequestOf, type Client } from './authorization-request.ts'
import { consentPage, errorPage, loginPage } from './pages.ts'
import { people } from './people.ts'
import { createTokens } from './tokens.ts'

/**
 * A small OpenID provider with sample people, so that social sign-in works without an account anywhere. For the demo only:
 * whoever reaches it may be anybody. It keeps no session: the request under way is in the forms of its pages.
 */
export async function createIdentityProvider(issuer: string, client: Client): Promise<Express> {
  const tokens = await createTokens(issuer, client)
  const authorizationRequest = authorizationRequestOf(client)
  const app = express().disable('x-powered-by')
  app.use(express.urlencoded({ extended: false }))

  app.get('/.well-known/openid-configuration', (_req, res) => void res.json(metadataOf(issuer)))

  app.get('/authorize', (req, res) => {
    const { data: request } = authorizationRequest.safeParse(req.query)
    if (!request) return send(res.status(400), errorPage(), client)
    const person = people.find(({ id }) => id === req.query.person)
    send(res, person ? consentPage(request, person) : loginPage(request), client)
  })

  app.post('/decide', (req, res) => {
    const { data: request } = authorizationRequest.safeParse(req.body)
    if (!request) return send(res.status(400), errorPage(), client)
    const person = people.find(({ id }) => id === req.body.person)
    const isAllowed = person && req.body.decision === 'allow'
    const answer: Record<string, string> = isAllowed
      ? { code: tokens.issueCode(person, request) }
      : { error: 'access_denied', error_description: 'You did not agree' }
    res.redirect(303, answerAddress(request, { ...answer, iss: issuer }))
  })

  app.post('/token', async (req, res) => {
    const answer = await tokens.exchange(req.body ?? {})
    res.set('Cache-Control', 'no-store')
    if (answer) res.json(answer)
    else res.status(400).json({ error: 'invalid_grant' })
  })

  app.get('/keys', (_req, res) => void res.json(tokens.keys()))
  return app
}

/** OpenID Connect Discovery 1.0, section 3. */
function metadataOf(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  }
}

/** The address of the application, with the answer (RFC 6749, section 4.1.2) and who gives it (RFC 9207). */
function answerAddress({ redirect_uri, state }: AuthorizationRequest, answer: Record<string, string>): string {
  const address = new URL(redirect_uri)
  address.search = new URLSearchParams({ ...answer, state }).toString()
  return address.href
}

function send(res: Response, html: string, client: Client): void {
  const application = new URL(client.redirectURI).origin
  res.set({
    'Content-Security-Policy': `default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self' ${application}; frame-ancestors 'none'`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  })
  res.type('html').send(html)
}
