import type { CallbackRules } from '../../src/oauth/callback-answer.ts'

/** What fails is called what it is called at the callbacks of social sign-in. */
export const rules: CallbackRules = {
  errors: { code: 'invalid_code', user: 'unable_to_get_user_info', email: 'email_not_found' },
}
