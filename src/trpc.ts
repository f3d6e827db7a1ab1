import { initTRPC } from '@trpc/server'
import { guardCall, openCall } from './call.ts'
import { withCallHooks } from './call-hooks.ts'
import type { AuthContext, KerniaContext, SessionData, SignedInContext } from './context.ts'
import { AuthError, errors, formatOwnError } from './errors.ts'
import {
  type Access,
  type ProcedureDeclaration,
  type ProcedureMeta,
  pathsOf,
  type ServerDeclaration,
  stepsUp,
} from './meta.ts'
import { requireFreshSession, requireSession, takeSession } from './sessions.ts'
import { assertSensible, assertSteppedUp, type StepUp } from './step-up.ts'

/** The single tRPC instance: every procedure of every plugin is built from it. */
export const t = initTRPC
  .context<KerniaContext>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter: ({ shape, error }) => formatOwnError(shape, error),
    isDev: false,
    allowOutsideOfServer: true,
  })

const call = t.procedure.use(({ ctx, meta, type, next, getRawInput }) => {
  if (!ctx.auth?.kernel) throw new Error('spread `auth.createContext(options)` into what your createContext returns')
  // With the context of one instance, the procedures of another would write to the wrong database.
  if (meta && !ctx.auth.kernel.procedures.has(meta)) throw new Error('the context is that of another auth instance')
  // No served router has them; a host that serves a router of its own making with them does not serve them either.
  if (meta?.serverOnly && ctx.auth.method !== undefined) throw new AuthError(errors.NOT_FOUND)
  const auth: AuthContext = { ...ctx.auth, ...(meta && { meta }), outgoing: [], unfinished: new Map(), seen: {} }
  return openCall(auth, meta, async () => {
    const input = await guardCall(auth, { meta: meta as ProcedureMeta, type, getRawInput })
    // tRPC takes both at once; its types only either. One step less is a tenth of what a short call costs.
    const proceed = (changed: unknown) =>
      next({ ctx: { auth }, getRawInput: async () => changed } as { ctx: { auth: AuthContext } })
    return withCallHooks(auth, input, proceed)
  })
})

// What changes something is decided by the store: a session that is over lives on in a cache for reading only.
const signedIn = call.use(async ({ ctx, meta, type, next }) => {
  const isCacheEnough = meta?.access === 'session' && type === 'query' && !stepsUp(meta)
  return next({ ctx: { auth: await withSession(ctx.auth, await requireSession(ctx.auth, { isCacheEnough })) } })
})

const fresh = call.use(async ({ ctx, next }) =>
  next({ ctx: { auth: await withSession(ctx.auth, await requireFreshSession(ctx.auth)) } }),
)

async function withSession(auth: AuthContext, signedIn: SessionData): Promise<SignedInContext> {
  if (auth.meta && stepsUp(auth.meta)) await assertSteppedUp(auth, signedIn, auth.meta)
  auth.seen.session = signedIn
  // For each call: the calls of a batch share the session that was read.
  await takeSession(auth, signedIn)
  return { ...auth, signedIn }
}

function bases<Declaration extends ProcedureDeclaration>(mark: Pick<ProcedureMeta, 'serverOnly'>) {
  const declare = (access: Access, declaration: Declaration): ProcedureMeta => {
    const { operationId, maxAge } = declaration
    assertSensible(operationId, declaration)
    if (stepsUp(declaration) && access === 'public') {
      const name = maxAge === undefined ? 'secondFactor' : 'maxAge'
      throw new Error(`${operationId}: ${name} needs a base with a session`)
    }
    return { ...declaration, ...mark, access, paths: pathsOf(declaration) }
  }
  return {
    /** Anyone may call. */
    public: (declaration: Declaration) => call.meta(declare('public', declaration)),
    /** Needs a session; `ctx.auth.signedIn` is it. */
    session: (declaration: Declaration) => signedIn.meta(declare('session', declaration)),
    /** Needs a session read from the database, never from a cache. */
    sensitive: (declaration: Declaration) => signedIn.meta(declare('sensitive', declaration)),
    /** Needs a session that began within `session.freshAge`. */
    fresh: (declaration: Declaration) => fresh.meta(declare('fresh', declaration)),
  }
}

/**
 * The base procedures. Each takes the declaration of a procedure and returns tRPC's builder for it; there is no way
 * to a builder that does not name who may call.
 */
export const procedure = bases<ProcedureDeclaration>({})

/** The same for procedures that only the application's own code calls, through `auth.caller`. */
export const serverProcedure = bases<ServerDeclaration>({ serverOnly: true })

/** The bases with something more in each declaration, as a plugin's options may ask for it. */
export function withStepUp(given: BaseProcedures, more: StepUp): BaseProcedures {
  return {
    public: given.public,
    session: declaration => given.session({ ...more, ...declaration }),
    sensitive: declaration => given.sensitive({ ...more, ...declaration }),
    fresh: declaration => given.fresh({ ...more, ...declaration }),
  }
}

export type BaseProcedures = typeof procedure
export type ServerProcedures = typeof serverProcedure
