import { initTRPC } from '@trpc/server'
import { guardCall, openCall } from './call.ts'
import type { AuthContext, KerniaContext, SignedInContext } from './context.ts'
import { formatOwnError } from './errors.ts'
import type { Access, ProcedureDeclaration, ProcedureMeta } from './meta.ts'
import { requireFreshSession, requireSession } from './sessions.ts'

/** The single tRPC instance: every procedure of every plugin is built from it. */
export const t = initTRPC
  .context<KerniaContext>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter: ({ shape, error }) => formatOwnError(shape, error),
    isDev: false,
    allowOutsideOfServer: true,
  })

const opened = t.procedure.use(({ ctx, meta, next }) => {
  if (!ctx.auth?.kernel) throw new Error('spread `auth.createContext(options)` into what your createContext returns')
  // With the context of one instance, the procedures of another would write to the wrong database.
  if (meta && !ctx.auth.kernel.procedures.has(meta)) throw new Error('the context is that of another auth instance')
  const auth: AuthContext = { ...ctx.auth, outgoing: [] }
  return openCall(auth, meta, () => next({ ctx: { auth } }))
})

const call = opened.use(async ({ ctx, meta, next, getRawInput, type }) => {
  const input = await guardCall(ctx.auth, { meta: meta as ProcedureMeta, type, getRawInput })
  return next({ getRawInput: async () => input })
})

const signedIn = call.use(async ({ ctx, next }) => {
  const auth: SignedInContext = { ...ctx.auth, signedIn: await requireSession(ctx.auth) }
  return next({ ctx: { auth } })
})

const fresh = call.use(async ({ ctx, next }) => {
  const auth: SignedInContext = { ...ctx.auth, signedIn: await requireFreshSession(ctx.auth) }
  return next({ ctx: { auth } })
})

function declare<A extends Access>(access: A) {
  return (declaration: ProcedureDeclaration): ProcedureMeta => ({ ...declaration, access })
}

/**
 * The base procedures. Each takes the declaration of a procedure and returns tRPC's builder for it; there is no way
 * to a builder that does not name who may call.
 */
export const procedure = {
  /** Anyone may call. */
  public: (declaration: ProcedureDeclaration) => call.meta(declare('public')(declaration)),
  /** Needs a session; `ctx.auth.signedIn` is it. */
  session: (declaration: ProcedureDeclaration) => signedIn.meta(declare('session')(declaration)),
  /** Needs a session read from the database, never from a cache. */
  sensitive: (declaration: ProcedureDeclaration) => signedIn.meta(declare('sensitive')(declaration)),
  /** Needs a session that began within `session.freshAge`. */
  fresh: (declaration: ProcedureDeclaration) => fresh.meta(declare('fresh')(declaration)),
}

export type BaseProcedures = typeof procedure
