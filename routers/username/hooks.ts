import type { User } from '../../entities/index.ts'
import type { AuthContext, Draft, Hooks } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { takeSession } from '../../src/sessions.ts'
import { chosenErrors } from './errors.ts'
import { findUserByUsername, readUsername } from './names.ts'
import type { UsernameRules } from './options.ts'

/** A user, as this plugin knows one. */
type Named = User & { username?: string | null }

/** Names that clients choose are checked; whoever else writes them, they are stored in their one spelling. */
export function usernameHooks(rules: UsernameRules): Hooks {
  return {
    userFieldsChosen: ({ fields, user }, auth) => chooseNames(auth, rules, { fields, user }),
    userCreating: draft => normalized(rules, draft),
    userUpdating: changes => normalized(rules, changes),
  }
}

async function chooseNames(
  auth: AuthContext,
  rules: UsernameRules,
  { fields, user }: { fields: Draft; user: User | null },
): Promise<Draft> {
  // Whoever signs up with one of the two has both; later each is changed by itself.
  const username = fields.username || (user ? fields.username : fields.displayUsername || fields.username)
  const displayUsername = fields.displayUsername || (user ? fields.displayUsername : fields.username)
  return {
    ...(typeof username === 'string' && { username: await freeUsername(auth, rules, { username, user }) }),
    ...(typeof displayUsername === 'string' && { displayUsername: await readDisplay(rules, displayUsername) }),
  }
}

/** @throws USERNAME_IS_ALREADY_TAKEN, and what `readUsername` does */
async function freeUsername(
  auth: AuthContext,
  rules: UsernameRules,
  { username, user }: { username: string; user: User | null },
): Promise<string> {
  const wanted = await readUsername(rules, username, chosenErrors)
  const { session } = auth.seen
  // With it the user signs in; administrators rename others by their own right.
  const isOwn = user !== null && session?.user.id === user.id && (user as Named).username !== wanted
  if (isOwn) await takeSession(auth, session, { ownerOnly: true })
  const owner = await findUserByUsername(auth, wanted)
  if (owner && owner.id !== user?.id) throw new AuthError(chosenErrors.USERNAME_IS_ALREADY_TAKEN)
  return wanted
}

async function readDisplay(rules: UsernameRules, given: string): Promise<string> {
  const shown = rules.normalizeDisplay(given)
  const checked = rules.displayOrder === 'pre-normalization' ? given : shown
  if (!(await askApplication(() => rules.isDisplayValid(checked)))) {
    throw new AuthError(chosenErrors.INVALID_DISPLAY_USERNAME)
  }
  return shown
}

function normalized(rules: UsernameRules, { username, displayUsername }: Draft): Draft {
  return {
    ...(typeof username === 'string' && { username: rules.normalize(username) }),
    ...(typeof displayUsername === 'string' && { displayUsername: rules.normalizeDisplay(displayUsername) }),
  }
}
