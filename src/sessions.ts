import { additionalFieldsOf, type Session, type User } from '../entities/index.ts'
import { parseFields } from './additional-fields.ts'
import type { AuthContext, Draft, RequestContext, SessionData } from './context.ts'
import { randomString } from './crypto/random.ts'
import { AuthError, errors } from './errors.ts'
import { expireCookie, expireLongCookie, readSignedCookie, setSignedCookie } from './response.ts'
import { cacheSession, forgetSessionCache, readSessionCache } from './session-cache.ts'

const TOKEN_LENGTH = 32
/** Life of a session that should not be remembered, in seconds. */
const SHORT_LIFE = 86_400

export interface StartSession {
  /** `false`: the cookie ends with the browser's session, and the row after a day. */
  rememberMe?: boolean
  /** Life of the row in seconds, where it is another one than the options say; never longer than they allow. */
  expiresIn?: number
  /** When its user signed in, for one that takes the place of another; now, unless it is said. */
  beganAt?: Date
  /** Further fields of the row. */
  fields?: Draft
}

/**
 * Creates the session row of `user`. Its cookie is `sendSession`'s part, to be called once the row is committed.
 */
export async function createSession(auth: AuthContext, user: User, start: StartSession = {}): Promise<Session> {
  const { kernel } = auth
  const now = kernel.now()
  const { expiresIn, absoluteExpiresIn } = kernel.options.session
  const usual = start.rememberMe === false ? SHORT_LIFE : expiresIn
  const createdAt = start.beganAt ?? now
  const end = now.getTime() + (start.expiresIn ?? usual) * 1000
  const draft = await kernel.hooks.amend(
    'sessionCreating',
    {
      ...parseFields(additionalFieldsOf(kernel.schema, 'session'), {}, 'defaults'),
      ...start.fields,
      userId: user.id,
      token: randomString(TOKEN_LENGTH),
      expiresAt: new Date(Math.min(end, createdAt.getTime() + absoluteExpiresIn * 1000)),
      createdAt,
      updatedAt: now,
      ipAddress: auth.clientAddress ?? '',
      userAgent: auth.headers.get('user-agent')?.slice(0, 1024) ?? '',
    },
    auth,
  )
  const session = await kernel.sessions.create({ ...draft, id: kernel.newId('session') }, user)
  await kernel.unitOfWork.afterCommit(() => kernel.hooks.tell('sessionCreated', session, auth))
  return session
}

/** Hands a session to the client as its cookie, and makes it the session of this request. */
export function sendSession(auth: AuthContext, data: SessionData, { rememberMe }: StartSession = {}): void {
  // What made it has no cookie, and must not become one.
  if (isMadeSession(auth, data)) return
  const wasShort = isNotRemembered(auth)
  const isShort = rememberMe === undefined ? wasShort : !rememberMe
  const maxAge = isShort ? undefined : auth.kernel.options.session.expiresIn
  const isKnownAlive = auth.session.stored !== undefined || sessionTokenOf(auth) !== data.session.token
  setSignedCookie(auth, 'session_token', { value: data.session.token, maxAge })
  if (isShort) setSignedCookie(auth, 'dont_remember', { value: 'true' })
  else if (wasShort) expireCookie(auth, 'dont_remember')
  // What is known from a cache only must not begin another life in it.
  if (isKnownAlive) cacheSession(auth, data, { readAt: auth.kernel.now(), isShort })
  else forgetSessionCache(auth)
  auth.session.stored = Promise.resolve(data)
  auth.seen.newSession = data
  auth.kernel.hooks.sessionSent(data, auth)
}

/** The token of this request's session: what a plugin finds on it, which was put there on purpose, or the cookie's. */
export function sessionTokenOf(auth: RequestContext): string | undefined {
  return auth.kernel.hooks.sessionToken(auth) ?? readSignedCookie(auth, 'session_token')
}

/** Whether the request's session is that of a cookie that we signed, be it alive or not. */
export function hasSessionCookie(auth: RequestContext): boolean {
  const token = readSignedCookie(auth, 'session_token')
  return token !== undefined && token === sessionTokenOf(auth)
}

/** Makes the client forget its session. */
export function forgetSession(auth: AuthContext): void {
  expireCookie(auth, 'session_token')
  expireLongCookie(auth, 'session_data')
  expireCookie(auth, 'dont_remember')
  auth.session.stored = Promise.resolve(null)
  auth.kernel.hooks.sessionForgotten(auth)
}

export interface ReadSession {
  /** Do not extend the session, whatever its age. */
  disableRefresh?: boolean
  /** Ask the store, whatever the client's cookie cache says. */
  disableCookieCache?: boolean
}

/**
 * The session of this request, extended when it is due; `null` without one. Read once, however often it is asked for,
 * and from the client's cookie cache if that is on.
 */
export async function currentSession(auth: AuthContext, read: ReadSession = {}): Promise<SessionData | null> {
  const cached = read.disableCookieCache ? null : await cachedSession(auth)
  return cached ?? storedSession(auth, { disableRefresh: read.disableRefresh, isCached: true })
}

/** The session of this request, if the client's cookie cache answers for it; `null` when the store has to be asked. */
export async function cachedSession(auth: AuthContext): Promise<SessionData | null> {
  if (!auth.kernel.cookieCache || auth.session.stored) return null
  auth.session.cached ??= readCachedSession(auth)
  return auth.session.cached
}

async function readCachedSession(auth: AuthContext): Promise<SessionData | null> {
  const found = await readSessionCache(auth, { token: sessionTokenOf(auth), isShort: isNotRemembered(auth) })
  if (found) await auth.kernel.hooks.ask('sessionRead', found, auth)
  return found
}

export interface ReadStoredSession {
  disableRefresh?: boolean
  /** Have the client cache it. Not where it may be about to end. */
  isCached?: boolean
  /** Extending is what the call is for, so it may write where reading never does. */
  isRefreshing?: boolean
}

/** The session of this request, as the store has it. By REST, the query of any call may say `disableRefresh`. */
export async function storedSession(auth: AuthContext, read: ReadStoredSession = {}): Promise<SessionData | null> {
  const { disableRefresh = asks(auth, 'disableRefresh') } = read
  auth.session.stored ??= readStoredSession(auth, { ...read, disableRefresh })
  return auth.session.stored
}

async function readStoredSession(auth: AuthContext, read: ReadStoredSession): Promise<SessionData | null> {
  const { kernel } = auth
  const { disableSessionRefresh, deferSessionRefresh } = kernel.options.session
  const mayWrite = read.isRefreshing || !deferSessionRefresh
  const token = sessionTokenOf(auth)
  if (!token) return makeSession(auth)
  // Before it is asked for: what ends meanwhile must not be cached as if it were alive later.
  const readAt = kernel.now()
  const found = await findSession(auth, token)
  if (!found) return makeSession(auth)
  if (found.session.expiresAt <= kernel.now()) {
    if (mayWrite) await deleteSession(auth, token)
    return null
  }
  await kernel.hooks.ask('sessionRead', found, auth)
  const mayRefresh = mayWrite && !read.disableRefresh && !disableSessionRefresh && !auth.isStreamed
  if (mayRefresh && isRefreshDue(auth, found)) return refreshSession(auth, found)
  // One that is not remembered is cached when it begins, and then no more.
  if (read.isCached && !read.disableRefresh && !isNotRemembered(auth)) {
    cacheSession(auth, found, { readAt, isShort: false })
  }
  return found
}

/** The session that a plugin makes of something else that the request has. */
async function makeSession(auth: AuthContext): Promise<SessionData | null> {
  const made = await auth.kernel.hooks.sessionMissing(auth)
  if (!made) return null
  auth.session.made = made
  return made
}

/** Whether this stands for a session and is none: what a plugin made of something else, such as an API key. */
export function isMadeSession({ session: { made } }: RequestContext, { session }: SessionData): boolean {
  return made !== undefined && made.session.token === session.token
}

/** Session and user of a token, in one query; expired ones too. */
export function findSession({ kernel }: RequestContext, token: string): Promise<SessionData | null> {
  return kernel.sessions.find(token)
}

/** Whether `updateAge` has passed since the session was last extended. One that is not remembered never is. */
export function isRefreshDue(auth: RequestContext, data: SessionData): boolean {
  const { session } = data
  const { expiresIn, updateAge } = auth.kernel.options.session
  if (isMadeSession(auth, data)) return false
  if (isNotRemembered(auth) || auth.kernel.hooks.isSessionFixed(session)) return false
  const dueAt = session.expiresAt.getTime() - expiresIn * 1000 + updateAge * 1000
  return dueAt <= auth.kernel.now().getTime() && session.expiresAt < extendedEnd(auth, session)
}

/** When a session ends that is extended now: a full life from now, or when its time is up for good. */
function extendedEnd({ kernel }: RequestContext, { createdAt }: Session): Date {
  const { expiresIn, absoluteExpiresIn } = kernel.options.session
  return new Date(Math.min(kernel.now().getTime() + expiresIn * 1000, createdAt.getTime() + absoluteExpiresIn * 1000))
}

/**
 * Extends a session to its full life and sends its cookie again.
 * @throws FAILED_TO_GET_SESSION when the row vanished meanwhile
 */
export async function refreshSession(auth: AuthContext, { session, user }: SessionData): Promise<SessionData> {
  const { kernel } = auth
  const update = { expiresAt: extendedEnd(auth, session), updatedAt: kernel.now() }
  const refreshed = await kernel.sessions.update({ session, user }, update)
  if (!refreshed) {
    forgetSession(auth)
    throw new AuthError(errors.FAILED_TO_GET_SESSION)
  }
  const data = { session: refreshed, user }
  sendSession(auth, data)
  return data
}

/**
 * The session of this request. By REST, the query of any call may say `disableCookieCache` and `disableRefresh`.
 * @param access with `isCacheEnough` the client's cookie cache may answer
 * @throws UNAUTHORIZED without one
 */
export async function requireSession(auth: AuthContext, { isCacheEnough = false } = {}): Promise<SessionData> {
  const disableRefresh = asks(auth, 'disableRefresh')
  const data =
    isCacheEnough && !asks(auth, 'disableCookieCache')
      ? await currentSession(auth, { disableRefresh })
      : await storedSession(auth, { disableRefresh })
  if (!data) throw new AuthError(errors.UNAUTHORIZED)
  return data
}

// As in Better Auth, where any text is true.
function asks({ url }: RequestContext, flag: string): boolean {
  return url !== undefined && url.search !== '' && new RegExp(`[?&]${flag}=[^&]`).test(url.search)
}

/**
 * The session of this request, if it began within `session.freshAge`; never one from a cache.
 * @throws UNAUTHORIZED without one, SESSION_NOT_FRESH with an old one
 */
export async function requireFreshSession(auth: AuthContext): Promise<SessionData> {
  const data = await requireSession(auth)
  // Nobody has signed in for it, however old one is allowed to be.
  if (isMadeSession(auth, data)) throw new AuthError(errors.SESSION_NOT_FRESH)
  const { freshAge } = auth.kernel.options.session
  const age = auth.kernel.now().getTime() - data.session.createdAt.getTime()
  if (freshAge > 0 && age >= freshAge * 1000) throw new AuthError(errors.SESSION_NOT_FRESH)
  return data
}

/**
 * Makes a call with a session, as every procedure that needs one has done before its handler runs. Whatever reads the
 * session by itself says so here.
 * @param ownerOnly whether this is for something that the user alone may do; default what the procedure declares
 * @throws what plugins refuse with, such as an impersonator or an API key
 */
export async function takeSession(
  auth: AuthContext,
  { session, user }: SessionData,
  { ownerOnly = auth.meta?.ownerOnly === true } = {},
): Promise<void> {
  await auth.kernel.hooks.ask('sessionUsing', { session, user, ownerOnly }, auth)
}

/** Whether it is the user who has this session: somebody who acts in the user's name has not all that is the user's. */
export async function isOwners(auth: AuthContext, data: SessionData): Promise<boolean> {
  try {
    await takeSession(auth, data, { ownerOnly: true })
    return true
  } catch (error) {
    if (error instanceof AuthError && error.status < 500) return false
    throw error
  }
}

/** The user's sessions that have not expired, as the user is to see them. */
export async function listSessions(auth: AuthContext, userId: string): Promise<Session[]> {
  const { kernel } = auth
  return [...(await kernel.hooks.sessionsListing(await kernel.sessions.list(userId, kernel.now()), auth))]
}

/** Ends a session. A client that ends its own forgets what it has cached of it. */
export async function deleteSession(auth: AuthContext, token: string): Promise<void> {
  await auth.kernel.sessions.delete(token)
  if (readSignedCookie(auth, 'session_token') === token) forgetSessionCache(auth)
}

/** Ends the user's sessions, except the one of `exceptToken`. A client may then have none: it asks the store again. */
export async function deleteSessions(auth: AuthContext, userId: string, exceptToken?: string): Promise<void> {
  await auth.kernel.sessions.deleteAll(userId, exceptToken)
  if (exceptToken === undefined || readSignedCookie(auth, 'session_token') !== exceptToken) forgetSessionCache(auth)
}

/** Whether the session ends with the browser's and is never extended. */
export function isNotRemembered(auth: RequestContext): boolean {
  return readSignedCookie(auth, 'dont_remember') === 'true'
}
