import { additionalFieldsOf, type Session, type User } from '../entities/index.ts'
import { parseFields } from './additional-fields.ts'
import { clientAddress } from './client-address.ts'
import type { AuthContext, Draft, RequestContext, SessionData } from './context.ts'
import { randomString } from './crypto/random.ts'
import { AuthError, errors } from './errors.ts'
import { expireCookie, readSignedCookie, setSignedCookie } from './response.ts'

const TOKEN_LENGTH = 32
/** Life of a session that should not be remembered, in seconds. */
const SHORT_LIFE = 86_400

export interface StartSession {
  /** `false`: the cookie ends with the browser's session, and the row after a day. */
  rememberMe?: boolean
  /** Further fields of the row. */
  fields?: Draft
}

/**
 * Creates the session row of `user`. Its cookie is `sendSession`'s part, to be called once the row is committed.
 */
export async function createSession(auth: AuthContext, user: User, start: StartSession = {}): Promise<Session> {
  const { kernel } = auth
  const now = kernel.now()
  const life = start.rememberMe === false ? SHORT_LIFE : kernel.options.session.expiresIn
  const { ipAddressHeaders = [], disableIpTracking } = kernel.options.advanced.ipAddress ?? {}
  const address = disableIpTracking ? undefined : clientAddress(auth.headers, ipAddressHeaders, auth.socketAddress)
  const draft = await kernel.hooks.amend(
    'sessionCreating',
    {
      ...parseFields(additionalFieldsOf(kernel.schema, 'session'), {}, 'defaults'),
      ...start.fields,
      userId: user.id,
      token: randomString(TOKEN_LENGTH),
      expiresAt: new Date(now.getTime() + life * 1000),
      createdAt: now,
      updatedAt: now,
      ipAddress: address ?? '',
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
  const wasShort = isNotRemembered(auth)
  const isShort = rememberMe === undefined ? wasShort : !rememberMe
  const maxAge = isShort ? undefined : auth.kernel.options.session.expiresIn
  setSignedCookie(auth, 'session_token', { value: data.session.token, maxAge })
  if (isShort) setSignedCookie(auth, 'dont_remember', { value: 'true' })
  else if (wasShort) expireCookie(auth, 'dont_remember')
  auth.session.current = Promise.resolve(data)
}

/** Whether the client holds a cookie that we signed, be its session alive or not. */
export function hasSessionCookie(auth: RequestContext): boolean {
  return readSignedCookie(auth, 'session_token') !== undefined
}

/** Makes the client forget its session. */
export function forgetSession(auth: AuthContext): void {
  for (const key of ['session_token', 'session_data', 'dont_remember']) expireCookie(auth, key)
  auth.session.current = Promise.resolve(null)
}

export interface ReadSession {
  /** Do not extend the session, whatever its age. */
  disableRefresh?: boolean
}

/** The session of this request, extended when it is due; `null` without one. Read once, however often it is asked for. */
export async function currentSession(auth: AuthContext, read: ReadSession = {}): Promise<SessionData | null> {
  auth.session.current ??= readSession(auth, read)
  return auth.session.current
}

async function readSession(auth: AuthContext, { disableRefresh }: ReadSession): Promise<SessionData | null> {
  const { kernel } = auth
  const token = readSignedCookie(auth, 'session_token')
  if (!token) return null
  const found = await findSession(auth, token)
  if (!found) return null
  if (found.session.expiresAt <= kernel.now()) {
    await deleteSession(auth, token)
    return null
  }
  await kernel.hooks.ask('sessionRead', found, auth)
  const { disableSessionRefresh, deferSessionRefresh } = kernel.options.session
  const mayRefresh = !disableRefresh && !disableSessionRefresh && !deferSessionRefresh && !auth.isStreamed
  return mayRefresh && isRefreshDue(auth, found) ? refreshSession(auth, found) : found
}

/** Session and user of a token, in one query; expired ones too. */
export function findSession({ kernel }: RequestContext, token: string): Promise<SessionData | null> {
  return kernel.sessions.find(token)
}

/** Whether `updateAge` has passed since the session was last extended. One that is not remembered never is. */
export function isRefreshDue(auth: RequestContext, { session }: SessionData): boolean {
  const { expiresIn, updateAge } = auth.kernel.options.session
  if (isNotRemembered(auth)) return false
  const dueAt = session.expiresAt.getTime() - expiresIn * 1000 + updateAge * 1000
  return dueAt <= auth.kernel.now().getTime()
}

/**
 * Extends a session to its full life and sends its cookie again.
 * @throws FAILED_TO_GET_SESSION when the row vanished meanwhile
 */
export async function refreshSession(auth: AuthContext, { session, user }: SessionData): Promise<SessionData> {
  const { kernel } = auth
  const now = kernel.now()
  const update = { expiresAt: new Date(now.getTime() + kernel.options.session.expiresIn * 1000), updatedAt: now }
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
 * The session of this request.
 * @throws UNAUTHORIZED without one
 */
export async function requireSession(auth: AuthContext): Promise<SessionData> {
  const data = await currentSession(auth)
  if (!data) throw new AuthError(errors.UNAUTHORIZED)
  return data
}

/**
 * The session of this request, if it began within `session.freshAge`.
 * @throws UNAUTHORIZED without one, SESSION_NOT_FRESH with an old one
 */
export async function requireFreshSession(auth: AuthContext): Promise<SessionData> {
  const data = await requireSession(auth)
  const { freshAge } = auth.kernel.options.session
  const age = auth.kernel.now().getTime() - data.session.createdAt.getTime()
  if (freshAge > 0 && age >= freshAge * 1000) throw new AuthError(errors.SESSION_NOT_FRESH)
  return data
}

/** The user's sessions that have not expired. */
export function listSessions({ kernel }: RequestContext, userId: string): Promise<Session[]> {
  return kernel.sessions.list(userId, kernel.now())
}

export function deleteSession({ kernel }: RequestContext, token: string): Promise<void> {
  return kernel.sessions.delete(token)
}

/** Deletes the user's sessions, except the one of `exceptToken`. */
export function deleteSessions({ kernel }: RequestContext, userId: string, exceptToken?: string): Promise<void> {
  return kernel.sessions.deleteAll(userId, exceptToken)
}

function isNotRemembered(auth: RequestContext): boolean {
  return readSignedCookie(auth, 'dont_remember') === 'true'
}
