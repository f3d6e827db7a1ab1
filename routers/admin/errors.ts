import { fieldErrors } from '../../src/additional-fields.ts'
import { defineErrors } from '../../src/errors.ts'

/** What an administrator lacks a permission for, by what was wanted. */
export const refusals = defineErrors({
  YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE: [403, 'You are not allowed to change users role'],
  YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS: [403, 'You are not allowed to create users'],
  YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS: [403, 'You are not allowed to update users'],
  YOU_ARE_NOT_ALLOWED_TO_LIST_USERS: [403, 'You are not allowed to list users'],
  YOU_ARE_NOT_ALLOWED_TO_GET_USER: [403, 'You are not allowed to get user'],
  YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS: [403, 'You are not allowed to list users sessions'],
  YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS: [403, 'You are not allowed to revoke users sessions'],
  YOU_ARE_NOT_ALLOWED_TO_BAN_USERS: [403, 'You are not allowed to ban users'],
  YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS: [403, 'You are not allowed to impersonate users'],
  YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS: [403, 'You are not allowed to delete users'],
  YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD: [403, 'You are not allowed to set users password'],
})

export const adminErrors = defineErrors({
  USER_NOT_FOUND: [404, 'User not found'],
  INVALID_EMAIL: [400, 'Invalid email'],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: [400, 'User already exists. Use another email.'],
  YOU_CANNOT_BAN_YOURSELF: [400, 'You cannot ban yourself'],
  YOU_CANNOT_REMOVE_YOURSELF: [400, 'You cannot remove yourself'],
  YOU_CANNOT_IMPERSONATE_ADMINS: [403, 'You cannot impersonate admins'],
  YOU_ARE_NOT_IMPERSONATING_ANYONE: [400, 'You are not impersonating anyone'],
  FAILED_TO_FIND_ADMIN_SESSION: [400, 'Failed to find admin session'],
  NO_PERMISSIONS_PASSED: [400, 'invalid permission check. no permission(s) were passed.'],
})

/** What can be wrong with the role that a user is to have. */
export const roleErrors = defineErrors({
  INVALID_ROLE_TYPE: [400, 'Invalid role type'],
  YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE: [400, 'You are not allowed to set a non-existent role value'],
})

/** What can be wrong with the fields that a user is to have. */
export const userDataErrors = {
  ...fieldErrors,
  ...roleErrors,
  ...defineErrors({
    NO_DATA_TO_UPDATE: [400, 'No data to update'],
    USER_ID_CANNOT_BE_UPDATED: [400, 'User id cannot be updated'],
    PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER: [
      400,
      'Password cannot be updated through update-user. Use the set-user-password endpoint instead',
    ],
  }),
}

/** What the plugin's hooks refuse with. */
export const sessionErrors = defineErrors({
  BANNED_USER: [403, 'You have been banned from this application'],
  IMPERSONATION_ENDED: [401, 'The impersonation has ended'],
  NOT_WHILE_IMPERSONATING: [403, 'Only the user can do this, nobody in the name of the user'],
})
