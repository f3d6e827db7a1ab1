import { defineErrors } from '../../src/errors.ts'

export const jwtErrors = defineErrors({
  KEY_ROTATION_NOT_ALLOWED: [403, 'You are not allowed to rotate the keys'],
  TOKEN_OUTLIVES_KEY: [400, 'The token would outlive its key once that is rotated; raise jwks.gracePeriod'],
})
