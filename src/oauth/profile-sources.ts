import type { SafeFetchInit } from '../safe-fetch.ts'
import type { ProfileCall } from './definition.ts'
import type { JsonFields } from './fields.ts'
import type { SocialProviderOptions } from './options.ts'

type ProfileSource<O> = (call: ProfileCall<O>) => Promise<JsonFields | null>

/** The profile is what an address answers to the access token. */
export function fromUserInfo<O extends SocialProviderOptions>(
  url: string | ((options: O) => string),
  init?: SafeFetchInit,
): ProfileSource<O> {
  return ({ ask, options }) => ask(typeof url === 'string' ? url : url(options), init)
}

/** The profile is the claims of the id token. */
export function fromIdToken<O extends SocialProviderOptions>(): ProfileSource<O> {
  return ({ idToken }) => idToken()
}
