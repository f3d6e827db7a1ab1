import type { AuthContext } from '../../src/context.ts'
import { askApplication } from '../../src/errors.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import { isTrustedOrigin } from '../../src/origin.ts'
import type { Extensions, ExtensionsResolver, PasskeySettings } from './options.ts'

/** What an answer of a browser has to name, for it to be meant for us. */
export interface Expected {
  expectedRPID: string
  expectedOrigin: string[]
  requireUserVerification: boolean
}

/** Keys that are asked for and taken: EdDSA, ES256 and RS256, which every authenticator has one of. */
export const SUPPORTED_ALGORITHMS = [-8, -7, -257]

export function rpIdOf({ origin }: AuthContext, { rpID }: PasskeySettings): string {
  return rpID ?? new URL(origin).hostname
}

export async function expectationsOf(auth: AuthContext, settings: PasskeySettings): Promise<Expected> {
  return {
    expectedRPID: rpIdOf(auth, settings),
    expectedOrigin: settings.origins ?? [await callingOrigin(auth)],
    requireUserVerification: settings.selection.userVerification === 'required',
  }
}

/** The page that calls, if it is one of ours. */
async function callingOrigin(auth: AuthContext): Promise<string> {
  const origin = auth.headers.get('origin')
  return origin && isTrustedOrigin(origin, await auth.trustedOrigins()) ? origin : auth.origin
}

/** Whether the page was in a frame of another site's, which could have led its visitor by the nose. */
export function isFramed(clientDataJSON: string): boolean {
  try {
    return JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()).crossOrigin === true
  } catch {
    return true
  }
}

export async function extensionsOf(
  auth: AuthContext,
  extensions: ExtensionsResolver | undefined,
): Promise<Extensions | undefined> {
  return typeof extensions === 'function' ? askApplication(() => extensions({ ctx: hookContextOf(auth) })) : extensions
}
