import type { Scenario } from '../scenario.ts'
import { additionalFields, fieldDefaults, fieldHooks, fieldTypes, requiredField } from './additional-fields.ts'
import { changePassword } from './change-password.ts'
import { cookieCacheScenarios } from './cookie-cache.ts'
import { cookieScenarios } from './cookie-options.ts'
import { errorPage, errorPageCustomised, errorPageInProduction, errorUrl } from './error-page.ts'
import { clientAddress, getSession } from './get-session.ts'
import { disabledPaths, httpLayer, otherBasePath } from './http-layer.ts'
import { origin, originDisabled } from './origin.ts'
import { passwordReset, passwordResetDisabled, passwordResetOptions } from './password-reset.ts'
import { development, rateLimit, rateLimitInProduction, rateLimitRules } from './rate-limit.ts'
import { refreshAlways, refreshDeferred, refreshDisabled, sessionExpiry, sessionRefresh } from './session-times.ts'
import { sessions } from './sessions.ts'
import { signIn } from './sign-in.ts'
import { signUp } from './sign-up.ts'
import { emailPasswordDisabled, noAutoSignIn, ownHash, passwordLengths, signUpDisabled } from './sign-up-options.ts'
import { updateUser } from './update-user.ts'

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
  originDisabled,
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
  ...cookieScenarios,
  ...cookieCacheScenarios,
  rateLimit,
  rateLimitRules,
  rateLimitInProduction,
  development,
]
