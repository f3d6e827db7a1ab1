import type { SignedInContext } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import { forgetSessionCache } from '../../src/session-cache.ts'
import { forgetSession, sendSession } from '../../src/sessions.ts'
import type { Scope } from './scope.ts'

/** What a session remembers of organizations. */
export interface Active {
  activeOrganizationId?: string | null
  activeTeamId?: string | null
}

export function activeOf(auth: SignedInContext): Active {
  return auth.signedIn.session as Active
}

/**
 * Has the session remember it. A team goes with its organization: it is forgotten unless it is named.
 * @throws UNAUTHORIZED when the session is over, if the cookie `isSent`
 */
export async function remember(
  { auth, options }: Scope,
  active: Active,
  { isSent = false }: { isSent?: boolean } = {},
): Promise<void> {
  const { kernel, signedIn } = auth
  const isOther =
    'activeOrganizationId' in active && active.activeOrganizationId !== activeOf(auth).activeOrganizationId
  const team = options.teams.enabled && isOther ? { activeTeamId: null } : {}
  const changes = { ...team, ...active, updatedAt: kernel.now() }
  const session = await kernel.sessions.update(signedIn, changes)
  if (session) {
    const data = { session, user: signedIn.user }
    auth.signedIn = data
    if (isSent) return sendSession(auth, data)
    auth.session.stored = Promise.resolve(data)
    // What the client has cached says otherwise.
    return forgetSessionCache(auth)
  }
  if (!isSent) return
  forgetSession(auth)
  throw new AuthError(errors.UNAUTHORIZED)
}

/** Has all sessions of these users forget an organization or a team that they are no longer in. After the answer. */
export function forgetActive({ auth }: Scope, userIds: readonly string[], gone: Active): void {
  const { kernel } = auth
  const [[field, id] = ['', '']] = Object.entries(gone) as [keyof Active, string][]
  const cleared = field === 'activeTeamId' ? { activeTeamId: null } : { activeOrganizationId: null, ...teamOf(kernel) }
  kernel.background(async () => {
    for (const userId of userIds) {
      for (const session of await kernel.sessions.list(userId, kernel.now())) {
        if ((session as Active)[field as keyof Active] !== id) continue
        const found = await kernel.sessions.find(session.token)
        if (found) await kernel.sessions.update(found, cleared)
      }
    }
  })
}

function teamOf({ schema }: SignedInContext['kernel']): Active {
  return Object.hasOwn(schema.session?.fields ?? {}, 'activeTeamId') ? { activeTeamId: null } : {}
}
