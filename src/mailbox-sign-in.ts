import type { Session, User } from '../entities/index.ts'
import { additionalFieldsOf } from '../entities/index.ts'
import { UniqueViolation } from './adapters/contract.ts'
import { parseFields } from './additional-fields.ts'
import type { AuthContext, Draft } from './context.ts'
import { proveMailbox } from './mailbox-proof.ts'
import type { SignInChallenge } from './plugin.ts'
import { createSession } from './sessions.ts'
import { createUser, findUserByEmail, findUserById } from './users.ts'

export interface MailboxSignIn {
  /** The address whose owner signs in, by a mailed link or code that was consumed. */
  email: string
  /** What a client says of the user who is made for an address without one; absent where none is to be made. */
  newUser?: Draft & { name: string }
  /** Signs in whoever has the mailbox, also where a plugin would ask for a second step. Default false. */
  skipsSecondFactor?: boolean
}

/** A session that is not sent yet; or the challenge of a plugin, in its place; or nothing: the address has no user. */
export type MailboxSignedIn =
  | { user: User; session: Session; isNew: boolean }
  | { challenge: SignInChallenge }
  | undefined

/**
 * Starts the session of whoever has proven to own a mailbox. A user whose address nobody had proven may have been made by
 * somebody else: whatever way to sign in is there already is deleted, second factors included.
 */
export async function signInByMailbox(auth: AuthContext, given: MailboxSignIn): Promise<MailboxSignedIn> {
  const { email, newUser } = given
  const user = await findUserByEmail(auth, email)
  if (user) return signInUser(auth, user, given)
  if (!newUser) return undefined
  try {
    return await signUpUser(auth, email, newUser)
  } catch (error) {
    if (!(error instanceof UniqueViolation && error.model === 'user')) throw error
    // Somebody signed up with the address at this moment, or took another unique value, which is refused now.
    const owner = await findUserByEmail(auth, email)
    if (owner) return signInUser(auth, owner, given)
    await chooseFields(auth, email, newUser)
    throw error
  }
}

function signInUser(
  auth: AuthContext,
  user: User,
  { skipsSecondFactor = false }: MailboxSignIn,
): Promise<MailboxSignedIn> {
  return auth.kernel.unitOfWork.run(async () => {
    const current = user.emailVerified ? user : await proven(auth, user)
    if (!current) return undefined
    const event = { user: current, rememberMe: true }
    const challenge = skipsSecondFactor ? undefined : await auth.kernel.hooks.ask('credentialVerified', event, auth)
    if (challenge) return { challenge: challenge as SignInChallenge }
    return { user: current, session: await createSession(auth, current), isNew: false }
  })
}

/** The user as it is after the proof, which plugins may have changed too; `null` when it lost the address meanwhile. */
async function proven(auth: AuthContext, { id, email }: User): Promise<User | null> {
  await proveMailbox(auth, { id, email }, { clearsUnproven: true })
  const user = await findUserById(auth, id)
  return user?.email === email && user.emailVerified ? user : null
}

async function signUpUser(auth: AuthContext, email: string, newUser: Draft & { name: string }) {
  const fields = await chooseFields(auth, email, newUser)
  return auth.kernel.unitOfWork.run(async () => {
    const user = await createUser(auth, { ...fields, email, emailVerified: true })
    return { user, session: await createSession(auth, user), isNew: true }
  })
}

async function chooseFields(auth: AuthContext, email: string, { name, image, ...rest }: Draft & { name: string }) {
  const additional = parseFields(additionalFieldsOf(auth.kernel.schema, 'user'), rest, 'create')
  const fields = { ...additional, name, email, image: image ?? null }
  return (await auth.kernel.hooks.userFieldsChosen({ fields, user: null }, auth)) as Draft & { name: string }
}
