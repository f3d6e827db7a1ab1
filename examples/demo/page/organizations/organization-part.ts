import type { authClient } from '../auth-client.ts'
import type { Notify } from '../notice.tsx'

/** With members, invitations and teams, as the client gives it. */
export type FullOrganization = typeof authClient.$Infer.ActiveOrganization

/** What every part of the active organization's view is given. */
export type OrganizationPartProps = {
  organization: FullOrganization
  userId: string
  /** Whether the user may change the organization: the page hides what the server would refuse. */
  mayManage: boolean
  notify: Notify
  reload(): Promise<unknown>
}
