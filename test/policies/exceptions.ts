import type { IdField } from './id-fields.ts'

const bearerSecret = 'a secret from a mail or a page, single-use and bound to its purpose: whoever holds it may'
const newValue = 'a value to be given to a row, which names none'
const providerToken = "a provider's token: it proves itself"
const providerName = 'the name of a provider in the options'
const configuration = 'the name of a configuration in the options'
const signed = 'what it names is proven by the signature beside it: see features/passkey'

/** Fields that look like the name of a row and are none, and those whose value is itself the permission. */
export const EXCEPTIONS: Record<IdField, string> = {
  'emailVerification.verify token': bearerSecret,
  'password.resetCallback token': bearerSecret,
  'password.reset token': bearerSecret,
  'magicLink.verify token': bearerSecret,
  'oneTimeToken.verify token': bearerSecret,
  'signIn.social idToken': providerToken,
  'signIn.social idToken.token': providerToken,
  'signIn.social idToken.accessToken': providerToken,
  'signIn.social idToken.refreshToken': providerToken,
  'oneTap.callback idToken': providerToken,
  'account.linkSocial idToken': providerToken,
  'account.linkSocial idToken.token': providerToken,
  'account.linkSocial idToken.accessToken': providerToken,
  'account.linkSocial idToken.refreshToken': providerToken,
  'social.callback id': providerName,
  'social.callback device_id': 'of a provider, which nothing reads',
  'social.callbackForm id': providerName,
  'social.callbackForm device_id': 'of a provider, which nothing reads',
  'account.unlink providerId': providerName,
  'account.getAccessToken providerId': providerName,
  'account.refreshToken providerId': providerName,
  'organization.create slug': newValue,
  'organization.update data.slug': newValue,
  'passkey.verifyRegistration response.id': newValue,
  'passkey.verifyRegistration response.rawId': newValue,
  'passkey.verifyAuthentication response.id': signed,
  'passkey.verifyAuthentication response.rawId': signed,
  'signIn.oauth2 providerId': providerName,
  'signIn.oauth2Redirect providerId': providerName,
  'oauth2.link providerId': providerName,
  'oauth2.callback providerId': providerName,
  'oauth2.callback device_id': 'of a provider, which nothing reads',
  'oauth2.callbackForm providerId': providerName,
  'oauthProxy.finish device_id': 'of a provider, which nothing reads',
  'oauth2.callbackForm device_id': 'of a provider, which nothing reads',
  'apiKey.create configId': configuration,
  'apiKey.update configId': configuration,
  'apiKey.delete configId': configuration,
  'apiKey.get configId': configuration,
  'apiKey.list configId': configuration,
}
