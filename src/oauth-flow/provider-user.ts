import { additionalFieldsOf, type User } from '../../entities/index.ts'
import { parseFields } from '../additional-fields.ts'
import type { AuthContext, Draft } from '../context.ts'
import type { ProviderUser } from '../oauth/provider.ts'
import { emailInput, findUserByEmail } from '../users.ts'

const LONGEST_NAME = 1024
const LONGEST_IMAGE = 65_536

/** The address of a provider's user as it is stored; `undefined` where there is none that can be. */
export function emailOf({ email }: Pick<ProviderUser, 'email'>): string | undefined {
  return emailInput.safeParse(email).data
}

/** Fields of a new user, with those that `mapProfileToUser` added. */
export function newUserFields(
  { kernel }: AuthContext,
  user: ProviderUser,
  email: string,
): Draft & { name: string; email: string } {
  const additional = additionalFieldsOf(kernel.schema, 'user')
  return {
    ...parseFields(additional, {}, 'defaults'),
    ...mappedFields(additional, user),
    name: nameOf(user),
    email,
    emailVerified: user.emailVerified,
    image: imageOf(user) ?? null,
  }
}

/** What `overrideUserInfoOnSignIn` changes of a user. An address that somebody else has stays where it is. */
export async function overriddenFields(
  auth: AuthContext,
  current: User,
  { user, email }: { user: ProviderUser; email: string },
): Promise<Draft> {
  const additional = additionalFieldsOf(auth.kernel.schema, 'user')
  const fields = { ...mappedFields(additional, user), ...profileFields(user) }
  if (email === current.email) return { ...fields, emailVerified: current.emailVerified || user.emailVerified }
  if (await findUserByEmail(auth, email)) return fields
  return { ...fields, email, emailVerified: user.emailVerified }
}

/** Name and image, where the provider tells them. */
export function profileFields(user: ProviderUser): Draft {
  const image = imageOf(user)
  return { ...(user.name && { name: nameOf(user) }), ...(image !== undefined && { image }) }
}

function mappedFields(additional: object, user: ProviderUser): Draft {
  return Object.fromEntries(
    Object.entries(user).filter(([name, value]) => value !== undefined && Object.hasOwn(additional, name)),
  )
}

function nameOf({ name }: ProviderUser): string {
  return name.slice(0, LONGEST_NAME)
}

function imageOf({ image }: ProviderUser): string | undefined {
  return image !== undefined && image.length <= LONGEST_IMAGE ? image : undefined
}
