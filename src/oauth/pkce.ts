import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomNonce } from 'oauth4webapi'

/** A code verifier (RFC 7636, section 4.1): 256 random bits in 43 characters. */
export function createCodeVerifier(): string {
  return generateRandomCodeVerifier()
}

/** The S256 challenge of a verifier (RFC 7636, section 4.2); `plain` is never used. */
export function codeChallengeOf(codeVerifier: string): Promise<string> {
  return calculatePKCECodeChallenge(codeVerifier)
}

/** A nonce (OpenID Connect Core, section 15.5.2): 256 random bits. */
export function createNonce(): string {
  return generateRandomNonce()
}
