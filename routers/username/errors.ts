import { defineErrors } from '../../src/errors.ts'

/** What can be wrong with a name that somebody signs in with or asks for. */
export const nameErrors = defineErrors({
  USERNAME_TOO_SHORT: [422, 'Username is too short'],
  USERNAME_TOO_LONG: [422, 'Username is too long'],
  INVALID_USERNAME: [422, 'Username is invalid'],
})

/** The same of a name that somebody chose at sign-up or update, and what else can be wrong with it. */
export const chosenErrors = defineErrors({
  USERNAME_TOO_SHORT: [400, 'Username is too short'],
  USERNAME_TOO_LONG: [400, 'Username is too long'],
  INVALID_USERNAME: [400, 'Username is invalid'],
  USERNAME_IS_ALREADY_TAKEN: [400, 'Username is already taken. Please try another.'],
  INVALID_DISPLAY_USERNAME: [400, 'Display username is invalid'],
})

export const signInErrors = defineErrors({
  INVALID_USERNAME_OR_PASSWORD: [401, 'Invalid username or password'],
  EMAIL_NOT_VERIFIED: [403, 'Email not verified'],
})
