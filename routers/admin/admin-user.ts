import type { adminSessionFields, adminUserFields } from '../../entities/admin.ts'
import type { Session, User } from '../../entities/index.ts'

type Value<F> = F extends { type: 'boolean' } ? boolean : F extends { type: 'date' } ? Date : string
type Filled<Fields> = { -readonly [Name in keyof Fields]?: Value<Fields[Name]> | null }

/** A user, as this plugin knows one. */
export type AdminUser = User & Filled<typeof adminUserFields>

/** A session, as this plugin knows one. */
export type AdminSession = Session & Filled<typeof adminSessionFields>

/** The administrator who acts in the user's name with this session. */
export function impersonatorOf(session: Session): string | undefined {
  return (session as AdminSession).impersonatedBy || undefined
}

/** Whether the user is banned at this moment. */
export function isBanned({ banned, banExpires }: AdminUser, now: Date): boolean {
  return banned === true && (!banExpires || banExpires.getTime() > now.getTime())
}
