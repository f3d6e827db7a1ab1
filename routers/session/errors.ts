import { fieldErrors } from '../../src/additional-fields.ts'
import { defineErrors } from '../../src/errors.ts'

export const sessionErrors = {
  ...fieldErrors,
  ...defineErrors({
    METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED: [
      405,
      'POST method requires deferSessionRefresh to be enabled in session config',
    ],
    NO_FIELDS_TO_UPDATE: [400, 'No fields to update'],
  }),
}
