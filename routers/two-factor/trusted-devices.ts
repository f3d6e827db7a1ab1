import type { AuthContext, RequestContext } from '../../src/context.ts'
import { sha256 } from '../../src/crypto/hmac.ts'
import { randomString } from '../../src/crypto/random.ts'
import { expireCookie, readSignedCookie, setSignedCookie } from '../../src/response.ts'

const MODEL = 'trustedDevice'
const COOKIE = 'trust_device'
const TOKEN_LENGTH = 32

/** Has this browser skip the second factor of the user from now on. `life` is in seconds. */
export async function trustDevice(auth: AuthContext, userId: string, life: number): Promise<void> {
  const { kernel } = auth
  const now = kernel.now()
  const token = randomString(TOKEN_LENGTH)
  const data = {
    id: kernel.newId(MODEL),
    userId,
    token: sha256(token),
    userAgent: auth.headers.get('user-agent')?.slice(0, 1024) ?? '',
    createdAt: now,
    lastUsedAt: now,
    expiresAt: new Date(now.getTime() + life * 1000),
  }
  await kernel.adapter.create({ model: MODEL, data })
  setSignedCookie(auth, COOKIE, { value: token, maxAge: life })
}

/** Whether this browser is one that the user trusts. It then gets another token; the one it has is worth nothing more. */
export async function renewTrust(auth: AuthContext, userId: string, life: number): Promise<boolean> {
  const held = readSignedCookie(auth, COOKIE)
  if (!held) return false
  const { adapter, now } = auth.kernel
  const token = randomString(TOKEN_LENGTH)
  const row = await adapter.update({
    model: MODEL,
    where: [
      { field: 'token', value: sha256(held) },
      { field: 'userId', value: userId },
      { field: 'expiresAt', value: now(), operator: 'gt' },
    ],
    update: { token: sha256(token), lastUsedAt: now(), expiresAt: new Date(now().getTime() + life * 1000) },
  })
  if (row) setSignedCookie(auth, COOKIE, { value: token, maxAge: life })
  else expireCookie(auth, COOKIE)
  return row !== null
}

/** No browser is trusted by the user any more. */
export async function revokeTrust({ kernel }: RequestContext, userId: string): Promise<void> {
  await kernel.adapter.deleteMany({ model: MODEL, where: [{ field: 'userId', value: userId }] })
}

/** Makes this browser forget that it is trusted. */
export function forgetTrust(auth: AuthContext): void {
  if (readSignedCookie(auth, COOKIE)) expireCookie(auth, COOKIE)
}
