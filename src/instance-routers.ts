import type { Kernel } from './context.ts'
import { listProcedures } from './meta.ts'
import { type AnyPlugin, type InstanceSchemas, mergeProcedures, type Procedures } from './plugin.ts'
import { assertAskable } from './step-up.ts'
import { procedure, serverProcedure, t } from './trpc.ts'

/**
 * The two routers of an instance: `served`, which every way in is derived from and which hosts embed, and `callable`,
 * which has the procedures for the application's own code as well and never leaves the process.
 * @throws when a procedure for the application's own code is among those that are served, or the reverse; and when one asks
 * for a second factor that nobody could have
 */
export function createRouters(plugins: readonly AnyPlugin[], schemas: InstanceSchemas) {
  const hasAdministrators = plugins.some(({ hooks }) => hooks?.administers)
  const open = plugins.map(plugin => plugin.procedures?.({ procedure, schemas, hasAdministrators }) ?? {})
  const own = plugins.map(plugin => plugin.serverProcedures?.({ procedure: serverProcedure, schemas }) ?? {})
  const served = t.router(mergeProcedures(open))
  const callable = t.router(mergeProcedures([...open, ...own]))
  const isServed = new Set(listProcedures(served).map(({ path }) => path))
  for (const { path, meta } of listProcedures(callable)) {
    assertAskable(`init: "${path}"`, meta, plugins)
    if (Boolean(meta.serverOnly) === !isServed.has(path)) continue
    throw new Error(
      `init: "${path}" must be ${meta.serverOnly ? 'in' : 'outside of'} its plugin's \`serverProcedures\``,
    )
  }
  return { served, callable, methods: methodsOf(plugins, open) }
}

/** The way to sign in that each of the served procedures is for, by its meta. */
function methodsOf(plugins: readonly AnyPlugin[], open: readonly Procedures[]): Kernel['methods'] {
  return new Map(
    plugins.flatMap(({ signInMethod }, index) =>
      signInMethod === undefined
        ? []
        : listProcedures(t.router(open[index] ?? {})).map(({ meta }) => [meta, signInMethod] as const),
    ),
  )
}
