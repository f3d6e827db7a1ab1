import type { Scenario } from '../scenario.ts'
import { additionalFields, fieldDefaults, fieldHooks, fieldTypes, requiredField } from './additional-fields.ts'
import { adminScenarios } from './admin.ts'
import { apiKeyScenarios } from './api-key.ts'
import { apiKeyOrganizationScenarios } from './api-key-organization.ts'
import { baseUrls } from './base-url.ts'
import { bearerScenarios } from './bearer.ts'
import { changeEmailScenarios } from './change-email.ts'
import { changePassword } from './change-password.ts'
import { cookieCacheScenarios } from './cookie-cache.ts'
import { cookieScenarios } from './cookie-options.ts'
import { deleteUserScenarios } from './delete-user.ts'
import { emailOtpScenarios } from './email-otp.ts'
import { errorPage, errorPageCustomised, errorPageInProduction, errorUrl } from './error-page.ts'
import { genericOAuthScenarios } from './generic-oauth.ts'
import { clientAddress, getSession } from './get-session.ts'
import { disabledPaths, httpLayer, otherBasePath } from './http-layer.ts'
import { jwtScenarios } from './jwt.ts'
import { lastLoginMethodScenarios } from './last-login-method.ts'
import { magicLinkScenarios } from './magic-link.ts'
import { multiSessionScenarios } from './multi-session.ts'
import { oauthProxyScenarios } from './oauth-proxy.ts'
import { oneTapScenarios } from './one-tap.ts'
import { oneTimeTokenScenarios } from './one-time-token.ts'
import { openApiScenarios } from './open-api.ts'
import { organizationScenarios } from './organization.ts'
import { organizationPeopleScenarios } from './organization-people.ts'
import { organizationTeamScenarios } from './organization-teams.ts'
import { organizationTenantScenarios } from './organization-tenants.ts'
import { origin, originSources, originSwitches } from './origin.ts'
import { passkeyScenarios } from './passkey.ts'
import { passwordReset, passwordResetDisabled, passwordResetOptions } from './password-reset.ts'
import {
  development,
  rateLimit,
  rateLimitCustomStorage,
  rateLimitInProduction,
  rateLimitRules,
  rateLimitsOfEndpoints,
} from './rate-limit.ts'
import { refreshAlways, refreshDeferred, refreshDisabled, sessionExpiry, sessionRefresh } from './session-times.ts'
import { sessions } from './sessions.ts'
import { signIn } from './sign-in.ts'
import { signUp } from './sign-up.ts'
import { emailPasswordDisabled, noAutoSignIn, ownHash, passwordLengths, signUpDisabled } from './sign-up-options.ts'
import { socialScenarios } from './social.ts'
import { socialTokenScenarios } from './social-tokens.ts'
import { twoFactorScenarios } from './two-factor.ts'
import { updateUser } from './update-user.ts'
import { usernameScenarios } from './username.ts'
import {
  verificationOptions,
  verificationRequired,
  verificationUnsent,
  verifyEmail,
  verifyEmailExpiry,
  verifyEmailSignsIn,
} from './verify-email.ts'

export const scenarios: Scenario[] = [
  httpLayer,
  disabledPaths,
  otherBasePath,
  errorPage,
  errorPageInProduction,
  errorPageCustomised,
  errorUrl,
  signUp,
  noAutoSignIn,
  signUpDisabled,
  emailPasswordDisabled,
  passwordLengths,
  ownHash,
  signIn,
  origin,
  ...originSwitches,
  originSources,
  ...baseUrls,
  getSession,
  clientAddress,
  sessions,
  sessionExpiry,
  sessionRefresh,
  refreshAlways,
  refreshDisabled,
  refreshDeferred,
  updateUser,
  additionalFields,
  requiredField,
  fieldHooks,
  fieldDefaults,
  fieldTypes,
  passwordReset,
  passwordResetDisabled,
  passwordResetOptions,
  changePassword,
  verifyEmail,
  verifyEmailExpiry,
  verifyEmailSignsIn,
  verificationRequired,
  verificationUnsent,
  verificationOptions,
  ...changeEmailScenarios,
  ...deleteUserScenarios,
  ...cookieScenarios,
  ...cookieCacheScenarios,
  ...socialScenarios,
  ...socialTokenScenarios,
  ...genericOAuthScenarios,
  ...lastLoginMethodScenarios,
  ...oneTapScenarios,
  ...oauthProxyScenarios,
  rateLimit,
  rateLimitRules,
  rateLimitsOfEndpoints,
  rateLimitCustomStorage,
  rateLimitInProduction,
  development,
  ...bearerScenarios,
  ...jwtScenarios,
  ...multiSessionScenarios,
  ...oneTimeTokenScenarios,
  ...usernameScenarios,
  ...magicLinkScenarios,
  ...emailOtpScenarios,
  ...twoFactorScenarios,
  ...organizationScenarios,
  ...organizationPeopleScenarios,
  ...organizationTeamScenarios,
  ...organizationTenantScenarios,
  ...apiKeyScenarios,
  ...apiKeyOrganizationScenarios,
  ...passkeyScenarios,
  ...adminScenarios,
  ...openApiScenarios,
]
