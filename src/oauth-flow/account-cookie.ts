import type { Account } from '../../entities/index.ts'
import type { AuthContext } from '../context.ts'
import { expireLongCookie, hasLongCookie, readLongCookie, setLongCookie } from '../response.ts'

const KEY = 'account_data'
const PURPOSE = 'account-cookie'
/** Seconds. */
const LIFE = 300
const MOST_CHUNKS = 3
const DATES = ['accessTokenExpiresAt', 'refreshTokenExpiresAt', 'createdAt', 'updatedAt'] as const

/** Keeps an account and its tokens with the browser, where `account.storeAccountCookie` says so. */
export function sendAccountCookie(auth: AuthContext, account: Account): void {
  const { keys, now, options } = auth.kernel
  if (!options.account.storeAccountCookie) return
  const content = { account, expiresAt: now().getTime() + LIFE * 1000 }
  const value = keys.seal(PURPOSE, JSON.stringify(content))
  setLongCookie(auth, KEY, async () => ({ value, maxAge: LIFE, mostChunks: MOST_CHUNKS }))
}

/** The account that the browser holds, if it is one of this user. */
export function readAccountCookie(auth: AuthContext, userId: string): Account | undefined {
  const { keys, now, options } = auth.kernel
  const value = options.account.storeAccountCookie ? readLongCookie(auth, KEY) : undefined
  const text = value === undefined ? undefined : keys.open(PURPOSE, value)
  if (text === undefined) return undefined
  const { account, expiresAt } = JSON.parse(text) as { account: Account; expiresAt: number }
  if (expiresAt <= now().getTime() || account.userId !== userId) return undefined
  const dates = DATES.flatMap(name => (account[name] ? [[name, new Date(account[name])] as const] : []))
  return { ...account, ...Object.fromEntries(dates) }
}

/** Makes the browser forget the account that it holds. */
export function forgetAccountCookie(auth: AuthContext): void {
  if (auth.kernel.options.account.storeAccountCookie || hasLongCookie(auth, KEY)) expireLongCookie(auth, KEY)
}
