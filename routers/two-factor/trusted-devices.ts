import type { TrustedDevice } from '../../entities/two-factor.ts'
import type { AuthContext, RequestContext } from '../../src/context.ts'
import { equalInConstantTime, sha256 } from '../../src/crypto/hmac.ts'
import { randomString } from '../../src/crypto/random.ts'
import { expireCookie, readSignedCookie, setSignedCookie } from '../../src/response.ts'

const MODEL = 'trustedDevice'
const COOKIE = 'trust_device'
const TOKEN_LENGTH = 32
/** One that is not listed cannot be noticed and ended, so this is far beyond what anyone has. */
const MOST_LISTED = 1000

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
  await kernel.adapter.deleteMany({ model: MODEL, where: [...ofUser(userId), isOver(now)] })
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

/** The browsers that the user trusts, the last one used first. */
export async function listTrust(
  auth: AuthContext,
  userId: string,
): Promise<(TrustedDevice & { isCurrent: boolean })[]> {
  const { adapter, now } = auth.kernel
  const where = [...ofUser(userId), { field: 'expiresAt', value: now(), operator: 'gt' as const }]
  const sortBy = { field: 'lastUsedAt', direction: 'desc' as const }
  const rows = (await adapter.findMany({
    model: MODEL,
    where,
    sortBy,
    limit: MOST_LISTED,
  })) as unknown as TrustedDevice[]
  return rows.map(row => ({ ...row, isCurrent: isHeld(auth, row) }))
}

/** Takes the trust from one browser. `false` where the user has none with this id. */
export async function endTrust(auth: AuthContext, { id, userId }: { id: string; userId: string }): Promise<boolean> {
  const where = [{ field: 'id', value: id }, ...ofUser(userId)]
  const row = (await auth.kernel.adapter.consumeOne({ model: MODEL, where })) as TrustedDevice | null
  if (row && isHeld(auth, row)) forgetTrust(auth)
  return row !== null
}

/** No browser is trusted by the user any more. */
export async function revokeTrust({ kernel }: RequestContext, userId: string): Promise<void> {
  await kernel.adapter.deleteMany({ model: MODEL, where: ofUser(userId) })
}

/** Makes this browser forget that it is trusted. */
export function forgetTrust(auth: AuthContext): void {
  if (readSignedCookie(auth, COOKIE)) expireCookie(auth, COOKIE)
}

/** Whether it is the browser of this request. */
function isHeld(auth: AuthContext, { token }: TrustedDevice): boolean {
  const held = readSignedCookie(auth, COOKIE)
  return held !== undefined && equalInConstantTime(sha256(held), token)
}

function ofUser(userId: string) {
  return [{ field: 'userId', value: userId }]
}

function isOver(now: Date) {
  return { field: 'expiresAt', value: now, operator: 'lte' as const }
}
