import type { Fields, User } from '../../entities/index.ts'
import { positive } from './checks.ts'
import type { ModelOptions } from './models.ts'

export interface UserOptions<F extends Fields = Fields> extends ModelOptions<F> {
  /** Whether and how users change their address. */
  changeEmail?: ChangeEmailOptions
  /** Whether and how users delete themselves. */
  deleteUser?: DeleteUserOptions
}

export interface ChangeEmailOptions {
  /** Default false. */
  enabled?: boolean
  /** Asks at the present address first, where that is proven. Without it the link goes to the new address at once. */
  sendChangeEmailConfirmation?: (
    mail: { user: User; newEmail: string; url: string; token: string },
    request?: Request,
  ) => Promise<void> | void
  /** Change an address that was never proven without asking anybody. Default false. */
  updateEmailWithoutVerification?: boolean
  /**
   * An address was changed: the place to tell the old one of it, in case it was not its owner who did. Runs after the
   * response. Better Auth has no such option.
   */
  onEmailChanged?: (event: { user: User; oldEmail: string }, request?: Request) => Promise<void> | void
}

export interface DeleteUserOptions {
  /** Default false. */
  enabled?: boolean
  /** Mails a link that has to be opened before the user is deleted. */
  sendDeleteAccountVerification?: (
    mail: { user: User; url: string; token: string },
    request?: Request,
  ) => Promise<void> | void
  /** Throwing refuses. It runs before the transaction, and may run again when that fails. */
  beforeDelete?: (user: User, request?: Request) => Promise<void> | void
  /** Once the user is gone. What it throws is logged. */
  afterDelete?: (user: User, request?: Request) => Promise<void> | void
  /** Life of the mailed link in seconds; default 86,400. */
  deleteTokenExpiresIn?: number
}

const DAY = 86_400

export function resolveUser(user: UserOptions = {}) {
  const { changeEmail, deleteUser } = user
  const deleteTokenExpiresIn = deleteUser?.deleteTokenExpiresIn ?? DAY
  return {
    ...user,
    changeEmail: { ...changeEmail, enabled: changeEmail?.enabled ?? false },
    deleteUser: {
      ...deleteUser,
      enabled: deleteUser?.enabled ?? false,
      deleteTokenExpiresIn: positive('user.deleteUser.deleteTokenExpiresIn', deleteTokenExpiresIn),
    },
  }
}
