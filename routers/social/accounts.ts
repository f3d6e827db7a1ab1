import { z } from 'zod'
import type { Account } from '../../entities/index.ts'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { forgetAccountCookie } from '../../src/oauth-flow/account-cookie.ts'
import { accountsOf, scopesOf } from '../../src/oauth-flow/provider-accounts.ts'
import type { LinkedAccount, ProcedureBuilder } from '../../src/plugin.ts'
import { accountErrors, unlinkErrors } from './errors.ts'
import { providerId } from './input.ts'

const tags = ['Linked accounts']

/** Which account: of those at the provider the first, or the one of this subject. */
export const accountChoice = { providerId, accountId: z.string().max(255).optional() }

export interface AccountChoice {
  providerId: string
  accountId?: string | undefined
}

export function accountProcedures({ procedure, schemas }: ProcedureBuilder) {
  return {
    list: procedure
      .session({
        rest: 'GET /list-accounts',
        operationId: 'listUserAccounts',
        summary: "The signed-in user's ways to sign in",
        tags,
      })
      .output(z.array(schemas.account))
      .query(async ({ ctx: { auth } }) => (await accountsOf(auth, auth.signedIn.user.id)).map(toLinkedAccount)),

    unlink: procedure
      .fresh({
        rest: 'POST /unlink-account',
        operationId: 'unlinkAccount',
        ownerOnly: true,
        summary: 'Takes a way to sign in from the signed-in user, but not the last one',
        description: 'Without `accountId` the first at the provider. Sessions go on.',
        errors: [...Object.values(unlinkErrors), ...Object.values(accountErrors)],
        tags,
      })
      .input(z.object(accountChoice))
      .output(z.object({ status: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        await unlink(auth, input)
        forgetAccountCookie(auth)
        return { status: true }
      }),
  }
}

function unlink(auth: SignedInContext, choice: AccountChoice): Promise<void> {
  const { adapter, options, unitOfWork } = auth.kernel
  const { id } = auth.signedIn.user
  return unitOfWork.run(async () => {
    // Two calls that each leave one account must not leave none together.
    await adapter.lock({ model: 'user', where: [{ field: 'id', value: id }] })
    const accounts = await accountsOf(auth, id)
    const isLast = accounts.length <= 1 && !options.account.accountLinking.allowUnlinkingAll
    if (isLast) throw new AuthError(unlinkErrors.FAILED_TO_UNLINK_LAST_ACCOUNT)
    const account = chooseAccount(accounts, choice)
    if (!account) throw new AuthError(accountErrors.ACCOUNT_NOT_FOUND)
    await adapter.delete({ model: 'account', where: [{ field: 'id', value: account.id }] })
  })
}

export function chooseAccount(accounts: readonly Account[], { providerId, accountId }: AccountChoice) {
  return accounts.find(account => account.providerId === providerId && (!accountId || account.accountId === accountId))
}

function toLinkedAccount(account: Account): LinkedAccount {
  return { ...account, scopes: scopesOf(account) }
}
