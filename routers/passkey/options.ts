import type {
  AuthenticationResponseJSON,
  AuthenticatorSelectionCriteria,
  RegistrationResponseJSON,
  VerifiedAuthenticationResponse,
  VerifiedRegistrationResponse,
} from '@simplewebauthn/server'
import type { PASSKEY_MODELS } from '../../entities/passkey.ts'
import type { HookContext } from '../../src/options/hooks.ts'
import type { SchemaNames } from '../../src/plugin-schema.ts'

type Awaitable<T> = T | Promise<T>

/** Inputs of WebAuthn extensions, as they are sent to the browser. */
export type Extensions = Record<string, unknown>

/** Extensions, or a function that is asked for them. */
export type ExtensionsResolver = Extensions | ((args: { ctx: HookContext }) => Awaitable<Extensions | undefined>)

/** Whom a passkey is made for. */
export interface PasskeyRegistrationUser {
  id: string
  name: string
  displayName?: string
}

export interface PasskeyRegistrationOptions {
  /** Only users who signed in recently add passkeys. Default true. */
  requireSession?: boolean
  /**
   * Says whom a passkey is for where there is no session. `context` is what the page sent: it must prove who that is, for
   * whoever adds a passkey to a user signs in as that user.
   */
  resolveUser?: (args: { ctx: HookContext; context?: string | null }) => Awaitable<PasskeyRegistrationUser>
  /** Runs before the passkey is stored; may refuse by throwing, and may name another user, such as one just created. */
  afterVerification?: (args: {
    ctx: HookContext
    verification: VerifiedRegistrationResponse
    user: PasskeyRegistrationUser
    clientData: RegistrationResponseJSON
    context?: string | null
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback that only looks on returns nothing
  }) => Awaitable<{ userId?: string } | undefined | void>
  extensions?: ExtensionsResolver
}

export interface PasskeyAuthenticationOptions {
  extensions?: ExtensionsResolver
  /** Runs before the session is made; may refuse by throwing. */
  afterVerification?: (args: {
    ctx: HookContext
    verification: VerifiedAuthenticationResponse
    clientData: AuthenticationResponseJSON
  }) => Awaitable<unknown>
}

/** What `passkey` takes; the names are Better Auth's. */
export interface PasskeyOptions {
  /** The domain that passkeys belong to. Default: the host of the instance. */
  rpID?: string
  /** The same as `rpID`. */
  rpId?: string
  /** Shown by the browser. Default: the instance's `appName`. */
  rpName?: string
  /** Where pages that use passkeys are. Default: the page that calls, if it is one of the trusted origins. */
  origin?: string | string[] | null
  /** Which authenticators to ask for. With `userVerification: 'required'` answers without it are refused. */
  authenticatorSelection?: AuthenticatorSelectionCriteria
  registration?: PasskeyRegistrationOptions
  authentication?: PasskeyAuthenticationOptions
  advanced?: {
    /** Name of the cookie that stands for a challenge. Default `better-auth-passkey`. */
    webAuthnChallengeCookie?: string
  }
  /**
   * Users who have neither a password nor a login at a provider may delete their last passkey, as they sign in by mail, for
   * example. Default false.
   */
  allowDeletingLast?: boolean
  /**
   * Users who have a second factor, or a passkey, have proved it for the session before they add or delete a passkey:
   * otherwise a session is enough to add one, and a sign-in with that passes for two factors. One that cannot verify its
   * owner proves nothing: say `userVerification: 'required'` with it. Default false, as the official client does not
   * expect it.
   */
  requireSecondFactor?: boolean
  /** Names of table and columns in the database. */
  schema?: SchemaNames<typeof PASSKEY_MODELS>
}

/** Options with every default filled in. */
export type PasskeySettings = ReturnType<typeof resolvePasskey>

export function resolvePasskey(options: PasskeyOptions) {
  const { origin, authenticatorSelection, registration = {}, authentication = {} } = options
  return {
    rpID: options.rpID ?? options.rpId,
    rpName: options.rpName,
    origins: origin ? [origin].flat() : undefined,
    selection: { residentKey: 'preferred', userVerification: 'preferred', ...authenticatorSelection } as const,
    registration,
    authentication,
    requireSession: registration.requireSession ?? true,
    cookie: options.advanced?.webAuthnChallengeCookie ?? 'better-auth-passkey',
    allowDeletingLast: options.allowDeletingLast ?? false,
    requireSecondFactor: options.requireSecondFactor ?? false,
  }
}
