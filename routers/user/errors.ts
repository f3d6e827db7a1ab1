import { fieldErrors } from '../../src/additional-fields.ts'
import { defineErrors } from '../../src/errors.ts'

export const userErrors = {
  ...fieldErrors,
  ...defineErrors({
    EMAIL_CAN_NOT_BE_UPDATED: [400, 'Email can not be updated'],
    NO_FIELDS_TO_UPDATE: [400, 'No fields to update'],
  }),
}
