import { inputShape, listProcedures, type ProcedureRecord, type RestRoute, restRoutes } from '../../src/meta.ts'

type AnyRouter = Parameters<typeof listProcedures>[0]

export interface EveryRoute extends RestRoute {
  procedure: ProcedureRecord
  /** Keys of its input. */
  keys: string[]
}

/** Every way by REST to every procedure of an instance: what is true of routes is tested on all of them. */
export function everyRoute({ router }: { router: AnyRouter }): EveryRoute[] {
  return listProcedures(router).flatMap(procedure =>
    restRoutes(procedure.meta).map(route => ({ ...route, procedure, keys: Object.keys(inputShape(procedure.input)) })),
  )
}

/** By POST: a link in a mail may write as well, and is a GET that anyone may make a browser send. */
export const isWrite = ({ procedure, method }: EveryRoute): boolean =>
  procedure.type === 'mutation' && method === 'POST'
