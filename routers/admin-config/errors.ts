import { defineErrors } from '../../src/errors.ts'

export const adminConfigErrors = defineErrors({
  ADMIN_CONFIG_FORBIDDEN: [403, 'Only administrators may see and change the configuration'],
  UNKNOWN_AUTH_METHOD: [400, 'There is no such way to sign in'],
  NO_AUTH_METHOD_LEFT: [400, 'One way to sign in has to stay on'],
  NOTHING_BEHIND_REDACTION: [
    400,
    'A redacted value stands for a secret that is stored, and there is none in this place',
  ],
  ADMIN_CONFIG_TOO_LARGE: [400, 'The configuration is larger than 32 KiB'],
})

/** What the plugin's hook refuses with. */
export const methodErrors = defineErrors({
  AUTH_METHOD_DISABLED: [403, 'This way to sign in is switched off'],
})
