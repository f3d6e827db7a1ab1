import { loadJose } from '../crypto/jose.ts'

/** What Apple's developer pages give for Sign in with Apple. */
export interface AppleKey {
  clientId: string
  /** Ten characters, at the top right of the developer account. */
  teamId: string
  /** Ten characters, beside the key. */
  keyId: string
  /** The contents of the `.p8` file; `\n` may stand for its line ends, as in variables of the environment. */
  privateKey: string
}

/** It is made for each request, so it need not live longer than that takes. */
const LIFE_SECONDS = 300

/**
 * The client secret that Apple asks for: a JWT signed (ES256) with the key of the developer account.
 * @throws TypeError when `privateKey` is no PKCS #8 key on P-256
 */
export async function createAppleClientSecret(
  { clientId, teamId, keyId, privateKey }: AppleKey,
  now: Date,
): Promise<string> {
  const { importPKCS8, SignJWT } = await loadJose()
  const issuedAt = Math.floor(now.getTime() / 1000)
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setSubject(clientId)
    .setAudience('https://appleid.apple.com')
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFE_SECONDS)
    .sign(await importPKCS8(privateKey.replaceAll('\\n', '\n'), 'ES256'))
}
