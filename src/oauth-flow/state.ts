import type { AuthContext } from '../context.ts'
import { equalInConstantTime } from '../crypto/hmac.ts'
import { randomString } from '../crypto/random.ts'
import { type OAuthFlow, type StartedFlow, startedSchema } from '../oauth/flow.ts'
import { createCodeVerifier, createNonce } from '../oauth/pkce.ts'
import {
  expireCookie,
  expireLongCookie,
  readLongCookie,
  readSignedCookie,
  setLongCookie,
  setSignedCookie,
} from '../response.ts'
import { consumeVerification, createVerification, peekVerification } from '../verifications.ts'

const PURPOSE = 'oauth-state'
/** Seconds that a user has to sign in at the provider. */
const LIFE = 600
/** As long as Better Auth keeps the cookie that binds it to the browser. */
const COOKIE_LIFE = 300
const STATE_LENGTH = 32
/** The cookie that binds a state in the database, and the one that holds a whole state. */
const BINDING = 'state'
const WHOLE = 'oauth_state'
const MOST_CHUNKS = 3

/** Why a callback belongs to no flow of this browser; the names are those of Better Auth's redirects. */
export type StateProblem = 'state_mismatch' | 'please_restart_the_process'

/** A flow with what protects it. It does not count until it is remembered. */
export function newFlow({ kernel }: AuthContext, flow: OAuthFlow): StartedFlow {
  return {
    ...flow,
    state: randomString(STATE_LENGTH),
    codeVerifier: createCodeVerifier(),
    nonce: createNonce(),
    expiresAt: kernel.now().getTime() + LIFE * 1000,
  }
}

/**
 * Remembers a flow until its callback: in the database, for the browser that has the cookie of it, or sealed in a cookie
 * (`account.storeStateStrategy`).
 */
export async function rememberFlow(auth: AuthContext, started: StartedFlow): Promise<void> {
  const { keys, options } = auth.kernel
  const value = keys.seal(PURPOSE, JSON.stringify(started))
  if (options.account.storeStateStrategy === 'cookie') {
    setLongCookie(auth, WHOLE, async () => ({ value, maxAge: LIFE, mostChunks: MOST_CHUNKS }))
    return
  }
  await createVerification(auth, { purpose: PURPOSE, secret: started.state }, { value, expiresIn: LIFE })
  setSignedCookie(auth, BINDING, { value: started.state, maxAge: COOKIE_LIFE })
}

/** The flow that a callback with `state` ends, and that cannot be ended again. */
export async function endFlow(
  auth: AuthContext,
  { provider, state }: { provider: string; state: string },
): Promise<StartedFlow | StateProblem> {
  const isInCookie = auth.kernel.options.account.storeStateStrategy === 'cookie'
  const flow = await (isInCookie ? fromCookie(auth, state) : fromDatabase(auth, state))
  if (typeof flow === 'string') return flow
  if (flow.expiresAt <= auth.kernel.now().getTime()) return 'please_restart_the_process'
  // A provider must not be given what another one answered (RFC 9207). One that is unknown is told so by the caller.
  const isOther = flow.provider !== provider && (await auth.kernel.providers.find(provider)) !== undefined
  return isOther ? 'state_mismatch' : flow
}

async function fromDatabase(auth: AuthContext, state: string): Promise<StartedFlow | StateProblem> {
  const secret = { purpose: PURPOSE, secret: state }
  // Only looked at first: another browser cannot use up a state that it somehow learned.
  if ((await peekVerification(auth, secret)) === undefined) return 'please_restart_the_process'
  const bound = readSignedCookie(auth, BINDING)
  const isBound = bound !== undefined && equalInConstantTime(bound, state)
  if (!isBound && !auth.kernel.options.account.skipStateCookieCheck) return 'state_mismatch'
  expireCookie(auth, BINDING)
  return open(auth, await consumeVerification(auth, secret)) ?? 'please_restart_the_process'
}

function fromCookie(auth: AuthContext, state: string): StartedFlow | StateProblem {
  const flow = open(auth, readLongCookie(auth, WHOLE))
  if (!flow) return 'please_restart_the_process'
  if (!equalInConstantTime(flow.state, state)) return 'state_mismatch'
  expireLongCookie(auth, WHOLE)
  return flow
}

/** Makes the browser forget a flow that it holds whole. */
export function forgetFlow(auth: AuthContext): void {
  if (auth.kernel.options.account.storeStateStrategy === 'cookie') expireLongCookie(auth, WHOLE)
}

function open({ kernel }: AuthContext, value: string | undefined): StartedFlow | undefined {
  const text = value === undefined ? undefined : kernel.keys.open(PURPOSE, value)
  const parsed = text === undefined ? undefined : startedSchema.safeParse(JSON.parse(text))
  return parsed?.success ? parsed.data : undefined
}
