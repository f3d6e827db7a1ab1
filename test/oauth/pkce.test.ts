import { expect, it } from 'vitest'
import { codeChallengeOf, createCodeVerifier, createNonce } from '../../src/oauth/pkce.ts'

it('makes verifiers that RFC 7636 allows, each another', () => {
  const verifiers = Array.from({ length: 50 }, createCodeVerifier)
  expect(new Set(verifiers).size).toBe(50)
  for (const verifier of verifiers) expect(verifier).toMatch(/^[\w.~-]{43,128}$/)
})

it('makes the challenge of the example in RFC 7636, appendix B', async () => {
  const challenge = await codeChallengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
  expect(challenge).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
})

it('makes nonces, each another', () => {
  const nonces = Array.from({ length: 50 }, createNonce)
  expect(new Set(nonces).size).toBe(50)
  for (const nonce of nonces) expect(nonce.length).toBeGreaterThanOrEqual(32)
})
