import type { AnyRouter } from '@trpc/server'
import { answerWithoutRedirect, listProcedures, type ProcedureRecord, type RestRoute, restRoutes } from '../src/meta.ts'

/** One REST line and the procedure behind it. */
export interface Route extends RestRoute {
  procedure: ProcedureRecord
}

/** A route that fits a request, with the values of its path's parameters. */
export interface RouteMatch {
  route: Route
  params: Record<string, string>
}

/** Finds the route of a method and a path, the path as it comes from the URL, without the base path. */
export type RouteMatcher = (method: string, path: string) => RouteMatch | undefined

/**
 * The REST lines of all procedures.
 * @throws when a line or an operation id occurs twice, or a procedure with a REST face has no output schema
 */
export function restRouteTable(router: AnyRouter): Route[] {
  const routes = listProcedures(router).flatMap(procedure =>
    restRoutes(procedure.meta).map(route => ({ ...route, procedure })),
  )
  assertUnique(
    routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`),
    'REST line',
  )
  assertUnique(
    routes.map(({ operationId }) => operationId),
    'operation id',
  )
  for (const { procedure } of routes) {
    if (!procedure.output) throw new Error(`the procedure "${procedure.path}" has a REST line but no output schema`)
    if (procedure.meta.redirect === 'optional' && !answerWithoutRedirect(procedure.output)) {
      throw new Error(`the output of "${procedure.path}" must be an \`orRedirect\`, since it redirects only sometimes`)
    }
  }
  return routes
}

function assertUnique(names: string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Error(`two procedures declare the ${what} "${twice}"`)
}

/** Literal paths are found by one look-up; those with parameters are tried in order. */
export function createMatcher(routes: readonly Route[]): RouteMatcher {
  const literal = new Map<string, Route>()
  const patterns: { route: Route; segments: string[] }[] = []
  for (const route of routes) {
    if (route.path.includes('/:')) patterns.push({ route, segments: route.path.split('/') })
    else literal.set(`${route.method} ${route.path}`, route)
  }
  return (method, path) => {
    const exact = literal.get(`${method} ${path}`)
    if (exact) return { route: exact, params: {} }
    const segments = path.split('/')
    for (const { route, segments: pattern } of patterns) {
      if (route.method !== method) continue
      const params = matchSegments(pattern, segments)
      if (params) return { route, params }
    }
    return undefined
  }
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? ''
    if (!expected.startsWith(':')) {
      if (expected !== actual) return undefined
    } else {
      const value = decodeSegment(actual)
      if (!value) return undefined
      params[expected.slice(1)] = value
    }
  }
  return params
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
