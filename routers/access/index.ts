import { mayAccess } from './authorize.ts'
import type { AccessControl, Role, Statements } from './types.ts'

export type {
  AccessControl,
  AccessRequest,
  Authorization,
  Connector,
  Role,
  Statements,
  StatementsWithin,
} from './types.ts'

/** A role by itself, of no access control. */
export function role<const Granted extends Statements, Known extends Statements = Granted>(
  statements: Granted,
): Role<Granted, Known> {
  return { statements, authorize: (request, connector = 'AND') => mayAccess(statements, request, connector) }
}

/**
 * Says which resources there are and what can be done to them. Its roles name no other ones, which the compiler checks.
 */
export function createAccessControl<const S extends Statements>(statements: S): AccessControl<S> {
  return { statements, newRole: granted => role<typeof granted, S>(granted) as never }
}
