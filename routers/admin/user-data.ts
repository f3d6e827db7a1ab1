import { z } from 'zod'
import { adminUserFields } from '../../entities/admin.ts'
import { additionalFieldsOf, type Fields, inputShape, type User } from '../../entities/index.ts'
import { fieldErrors, parseFields } from '../../src/additional-fields.ts'
import type { AuthContext, Draft } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import { emailInput } from '../../src/users.ts'
import { chosenRole } from './chosen-role.ts'
import { adminErrors, userDataErrors } from './errors.ts'
import type { AdminSettings } from './options.ts'

/** What of the core's fields administrators write. The rest is the instance's: ids, and when a row was made. */
const CORE: Fields = {
  name: { type: 'string', maxLength: 1024, input: true },
  email: { type: 'string', input: true },
  emailVerified: { type: 'boolean', input: true },
  image: { type: 'string', required: false, input: true },
}

/** Fields that only whoever may ban writes. */
export const BAN_FIELDS = ['banned', 'banReason', 'banExpires']

/**
 * The fields that administrators write: the core's, this plugin's, all visible ones of the application, and of other
 * plugins those that users write themselves.
 */
function writableFields({ kernel }: AuthContext): Fields {
  const own = kernel.options.user.additionalFields ?? {}
  const additional = Object.entries(additionalFieldsOf(kernel.schema, 'user')).filter(([name, field]) => {
    if (field.returned === false) return false
    return Object.hasOwn(own, name) || Object.hasOwn(adminUserFields, name) || field.input === true
  })
  return Object.fromEntries(additional.map(([name, field]) => [name, { ...field, input: true }]))
}

/**
 * The fields of a user out of what an administrator sent, checked one by one: nothing is written that is not known.
 * @param user whom they are of; `null` for a new one, which is given the defaults
 * @throws what is in `userDataErrors`, INVALID_EMAIL, VALIDATION_ERROR
 */
export async function chooseUserData(
  auth: AuthContext,
  given: Draft,
  { user, settings }: { user: User | null; settings: AdminSettings },
): Promise<Draft> {
  const additional = writableFields(auth)
  refuseUnknown(given, { ...CORE, ...additional })
  const { role, ...rest } = given
  const sent = parseShape({ ...CORE, ...additional }, rest)
  if (role !== undefined) sent.role = chosenRole(settings, role)
  if (sent.email !== undefined) sent.email = parseEmail(sent.email)
  const core = Object.fromEntries(Object.entries(sent).filter(([name]) => Object.hasOwn(CORE, name)))
  const fields = { ...parseFields(additional, sent, user ? 'update' : 'create'), ...core }
  return auth.kernel.hooks.userFieldsChosen({ fields, user }, auth)
}

/** @throws USER_ID_CANNOT_BE_UPDATED, PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER, FIELD_NOT_ALLOWED */
function refuseUnknown(given: Draft, known: Fields): void {
  for (const name of Object.keys(given)) {
    if (name === 'id') throw new AuthError(userDataErrors.USER_ID_CANNOT_BE_UPDATED)
    if (name === 'password') throw new AuthError(userDataErrors.PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER)
    if (Object.hasOwn(known, name)) continue
    throw new AuthError(fieldErrors.FIELD_NOT_ALLOWED, { message: `${name} is not allowed to be set` })
  }
}

function parseShape(fields: Fields, given: Draft): Draft {
  const result = z.object(inputShape(fields)).safeParse(given)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const message = `[body.data.${issue?.path.join('.')}] ${issue?.message}`
  throw new AuthError(errors.VALIDATION_ERROR, { message })
}

/** An address in one spelling. @throws INVALID_EMAIL */
function parseEmail(email: unknown): string {
  const result = emailInput.safeParse(email)
  if (!result.success) throw new AuthError(adminErrors.INVALID_EMAIL)
  return result.data
}
