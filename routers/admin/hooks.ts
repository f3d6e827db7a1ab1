import type { Hooks } from '../../src/context.ts'
import { assertSteppedUp } from '../../src/step-up.ts'
import { impersonatorOf } from './admin-user.ts'
import { isAdministrator } from './authority.ts'
import { endIfBanned, refuseBanned, refuseSession } from './bans.ts'
import { refuseEnded, refuseOwnersAffairs, shownSessions } from './impersonation.ts'
import type { AdminSettings } from './options.ts'

/** How bans, roles and impersonations show in what others do. */
export function adminHooks(settings: AdminSettings): Hooks {
  return {
    userCreating: ({ role }) => ({ role: role ?? settings.defaultRole }),
    sessionCreating: (draft, auth) => refuseBanned(auth, draft, settings).then(() => undefined),
    sessionCreated: (session, auth) => endIfBanned(auth, session),
    sessionRead: ({ session, user }, auth) => {
      refuseSession(auth, user, settings)
      // Without a promise for everybody else.
      return impersonatorOf(session) ? refuseEnded(auth, session, settings) : undefined
    },
    sessionUsing: refuseOwnersAffairs,
    isSessionFixed: session => impersonatorOf(session) !== undefined,
    sessionsListing: shownSessions,
    administers: async (current, auth) => {
      const { session, user } = current
      if (impersonatorOf(session) !== undefined || !isAdministrator(settings, user)) return false
      await assertSteppedUp(auth, current, { secondFactor: settings.requireSecondFactor })
      return true
    },
  }
}
