import type { AuthContext } from '../../src/context.ts'
import { sha256 } from '../../src/crypto/hmac.ts'
import { randomString } from '../../src/crypto/random.ts'
import { askApplication } from '../../src/errors.ts'
import { createVerification, type Secret, takeVerification } from '../../src/verifications.ts'
import type { MagicLinkSettings } from './options.ts'

const PURPOSE = 'magic-link'
const TOKEN_LENGTH = 32

/** For whom a link is, and the name the user gets if there is none yet. */
export interface LinkOwner {
  email: string
  name?: string
}

/** Makes a token and remembers whose it is. */
export async function createToken(auth: AuthContext, settings: MagicLinkSettings, owner: LinkOwner): Promise<string> {
  const { generateToken, expiresIn } = settings
  const made = generateToken && (await askApplication(() => generateToken(owner.email)))
  const token = made ?? randomString(TOKEN_LENGTH)
  await createVerification(auth, await secretOf(settings, token), { value: JSON.stringify(owner), expiresIn })
  return token
}

/** Uses a token up: of any number of concurrent calls exactly one is told whose it is. */
export async function takeToken(
  auth: AuthContext,
  settings: MagicLinkSettings,
  token: string,
): Promise<LinkOwner | 'expired' | undefined> {
  const taken = await takeVerification(auth, await secretOf(settings, token))
  return typeof taken === 'object' ? (JSON.parse(taken.value) as LinkOwner) : taken
}

/** What is stored is bound to the purpose, whatever the application hashes to: no other secret is a token. */
async function secretOf({ storeToken }: MagicLinkSettings, token: string): Promise<Secret> {
  if (storeToken === 'plain') return { purpose: PURPOSE, secret: token, store: 'plain' }
  const hash = storeToken === 'hashed' ? sha256(token) : await askApplication(() => storeToken.hash(token))
  return { purpose: PURPOSE, secret: hash, store: 'plain' }
}
