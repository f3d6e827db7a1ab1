import type { Authorization, Connector, Statements } from './types.ts'

type Wish = readonly string[] | { readonly actions: readonly string[]; readonly connector: Connector }

/**
 * Whether `granted` allows a request. A resource that is not granted ends it, whatever the connector; a request for
 * nothing is allowed nothing.
 * @throws when a part of the request is neither a list of actions nor one with a connector
 */
export function mayAccess(
  granted: Statements,
  request: { readonly [resource: string]: Wish | undefined },
  connector: Connector = 'AND',
): Authorization {
  let isAllowed = false
  for (const [resource, wish] of Object.entries(request)) {
    // Own keys only: `toString` is no resource.
    const actions = Object.hasOwn(granted, resource) ? granted[resource] : undefined
    if (!actions) return { success: false, error: `You are not allowed to access resource: ${resource}` }
    isAllowed = isGranted(actions, wish)
    if (isAllowed && connector === 'OR') return { success: true }
    if (!isAllowed && connector === 'AND') {
      return { success: false, error: `unauthorized to access resource "${resource}"` }
    }
  }
  return isAllowed ? { success: true } : { success: false, error: 'Not authorized' }
}

function isGranted(actions: readonly string[], wish: Wish | undefined): boolean {
  const includes = (action: string) => actions.includes(action)
  if (isList(wish)) return wish.every(includes)
  if (typeof wish !== 'object' || wish === null) throw new Error('Invalid access control request')
  return wish.connector === 'OR' ? wish.actions.some(includes) : wish.actions.every(includes)
}

function isList(wish: Wish | undefined): wish is readonly string[] {
  return Array.isArray(wish)
}
