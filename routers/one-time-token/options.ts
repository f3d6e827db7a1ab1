import type { SessionData } from '../../src/context.ts'
import type { HookContext } from '../../src/options/hooks.ts'

export interface OneTimeTokenOptions {
  /** Minutes for which a token holds. Default 3. */
  expiresIn?: number
  /** Tokens are made by the application's own code only. Default false. */
  disableClientRequest?: boolean
  /** Makes a token. It must be as hard to guess as a password; default 32 random letters and digits. */
  generateToken?(session: SessionData, context: HookContext): Promise<string> | string
  /** Redeeming a token answers with the session without setting its cookie. Default false. */
  disableSetSessionCookie?: boolean
  /** How tokens are stored. Default hashed, unless `verification.storeIdentifier` says otherwise. */
  storeToken?: 'plain' | 'hashed' | { type: 'custom-hasher'; hash(token: string): Promise<string> | string }
  /** Sends a token, as `set-ott`, with every answer that sets the session cookie. Default false. */
  setOttHeaderOnNewSession?: boolean
}

export const DEFAULT_MINUTES = 3
export const TOKEN_LENGTH = 32
