import type { GenericOAuthConfig } from '../options.ts'

/** What every preset takes. The other options of a provider can be laid over what a preset gives. */
export interface PresetOptions
  extends Pick<
    GenericOAuthConfig,
    | 'clientId'
    | 'clientSecret'
    | 'scopes'
    | 'redirectURI'
    | 'pkce'
    | 'disableImplicitSignUp'
    | 'disableSignUp'
    | 'overrideUserInfo'
  > {}

/** The scopes of OpenID Connect that tell who somebody is. */
export const IDENTITY_SCOPES = ['openid', 'profile', 'email'] as const

/** A preset with the options that the application gave. */
export function withOptions(
  { clientId, clientSecret, scopes, redirectURI, pkce, ...signUp }: PresetOptions,
  preset: Omit<GenericOAuthConfig, 'clientId'>,
): GenericOAuthConfig {
  const { disableImplicitSignUp, disableSignUp, overrideUserInfo } = signUp
  return {
    ...preset,
    clientId,
    clientSecret,
    scopes: scopes ?? preset.scopes,
    redirectURI,
    pkce,
    disableImplicitSignUp,
    disableSignUp,
    overrideUserInfo,
  }
}

/** Where the metadata of an issuer is (OpenID Connect Discovery 1.0, section 4). */
export function discoveryOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}
