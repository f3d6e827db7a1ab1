import type { User } from '../../entities/index.ts'
import type { Member } from '../../entities/organization.ts'
import { tellApplication } from '../../src/application-callbacks.ts'
import type { AuthContext, HeldRows, Hooks } from '../../src/context.ts'
import { AuthError, askApplication } from '../../src/errors.ts'
import { deleteWithAll } from './delete-organization.ts'
import { memberErrors } from './errors.ts'
import { assertOwnerBesides, requireOrganization } from './membership.ts'
import { isOwner } from './permissions.ts'
import { countRows, listRows, lockOrganization } from './rows.ts'
import type { Parts, Scope } from './scope.ts'

const onlyOwner = memberErrors.YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER

/** What deleting a user is refused with. */
export const leavingErrors = [onlyOwner]

/**
 * Deleting a user leaves no organization without an owner, whoever deletes and whatever happens at the same time: it is
 * refused while others are in one that nobody else owns. One with nobody else in it goes with its owner.
 */
export function leavingHooks(parts: Parts): Pick<Hooks, 'userLeaving' | 'userDeleting'> {
  return {
    userLeaving: (user, auth) => prepare({ auth, ...parts }, user),
    userDeleting: (user, auth) => leaveAll({ auth, ...parts }, user),
  }
}

/** Before the transaction: the application may refuse, and may use the database for it. */
async function prepare(scope: Scope<AuthContext>, user: User): Promise<HeldRows[]> {
  const { hooks } = scope.options
  const places = await placesOf(scope, user)
  for (const place of places) {
    // Whether it is refused is known once the organization is held: until then others come and go.
    if (!isOwner(scope, place) || !(await isAlone(scope, place))) continue
    const organization = await requireOrganization(scope, place.organizationId)
    await askApplication(() => hooks.beforeDeleteOrganization?.({ organization, user }))
  }
  return places.map(({ organizationId }) => ({
    model: 'organization',
    where: [{ field: 'id', value: organizationId }],
  }))
}

async function leaveAll(scope: Scope<AuthContext>, user: User): Promise<void> {
  const { auth, options } = scope
  for (const place of await placesOf(scope, user)) {
    // Held already, unless the user has come into it at this moment.
    await lockOrganization(auth, place.organizationId)
    if (!(await isLastOne(scope, place))) {
      await auth.kernel.hooks.ask('membershipEnding', { organizationId: place.organizationId, userId: user.id }, auth)
      continue
    }
    const organization = await requireOrganization(scope, place.organizationId)
    await deleteWithAll(scope, organization.id)
    const { afterDeleteOrganization: after } = options.hooks
    await auth.kernel.unitOfWork.afterCommit(() =>
      tellApplication(auth, 'afterDeleteOrganization', () => after?.({ organization, user })),
    )
  }
}

/** In one order for everybody, so that two who wait for each other's organizations do not do so for ever. */
async function placesOf({ auth }: Scope<AuthContext>, { id: userId }: User): Promise<Member[]> {
  const places = await listRows(auth, 'member', { match: { userId } })
  return places.sort((one, other) => (one.organizationId < other.organizationId ? -1 : 1))
}

/**
 * Whether the organization's owner is all that is left of it.
 * @throws YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER
 */
async function isLastOne(scope: Scope<AuthContext>, place: Member): Promise<boolean> {
  if (!isOwner(scope, place)) return false
  const isLast = await isAlone(scope, place)
  if (isLast && scope.options.disableOrganizationDeletion) throw new AuthError(onlyOwner)
  if (!isLast) await assertOwnerBesides(scope, place, onlyOwner)
  return isLast
}

async function isAlone({ auth }: Scope<AuthContext>, { organizationId }: Member): Promise<boolean> {
  return (await countRows(auth, 'member', { organizationId })) === 1
}
