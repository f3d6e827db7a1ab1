import { UniqueViolation } from '../adapters/contract.ts'
import type { AuthContext } from '../context.ts'
import { findUserById, updateUser } from '../users.ts'
import { createProviderAccount, findProviderAccount, type ProviderLogin, updateTokens } from './provider-accounts.ts'
import { emailOf, profileFields } from './provider-user.ts'
import { isTrustedProvider } from './trust.ts'

/** Why a login did not become another way to sign in; the names are those of Better Auth's redirects. */
export type LinkProblem = 'unable_to_link_account' | "email_doesn't_match" | 'account_already_linked_to_different_user'

/**
 * Makes a login another way to sign in as a user who asked for it. One login belongs to one user. With `isTrusted` the
 * provider's word about the address is not needed.
 * @returns why not, or `undefined`
 */
export async function linkLogin(
  auth: AuthContext,
  userId: string,
  login: ProviderLogin & { isTrusted?: boolean | undefined },
): Promise<LinkProblem | undefined> {
  const { enabled, allowDifferentEmails } = auth.kernel.options.account.accountLinking
  const isProven = login.isTrusted || login.user.emailVerified || (await isTrustedProvider(auth, login.provider.id))
  if (!enabled || !isProven) return 'unable_to_link_account'
  const user = await findUserById(auth, userId)
  if (!user) return 'unable_to_link_account'
  if (emailOf(login.user) !== user.email && !allowDifferentEmails) return "email_doesn't_match"
  try {
    return await auth.kernel.unitOfWork.run(() => store(auth, userId, login))
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    // Linked at the same moment: to whom, is in the database now.
    const account = await findProviderAccount(auth, login)
    return account?.userId === userId ? undefined : 'account_already_linked_to_different_user'
  }
}

async function store(auth: AuthContext, userId: string, login: ProviderLogin): Promise<LinkProblem | undefined> {
  const known = await findProviderAccount(auth, login)
  if (known && known.userId !== userId) return 'account_already_linked_to_different_user'
  if (known) {
    await updateTokens(auth, known, login.tokens)
    return undefined
  }
  await createProviderAccount(auth, userId, login)
  if (auth.kernel.options.account.accountLinking.updateUserInfoOnLink) {
    await updateUser(auth, userId, profileFields(login.user))
  }
  return undefined
}
