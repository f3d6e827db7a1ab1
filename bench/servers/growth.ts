import { signValue } from '../../src/cookies.ts'
import type { Kernel } from '../../src/index.ts'
import { type Sample, sampleOf } from '../growth-data.ts'
import { secret, type Tasks } from './serve.ts'

/** The calls that are measured, whatever else the instance has. */
export interface GrowthCallers {
  session: { get(): Promise<unknown>; list(): Promise<unknown> }
  admin: { listUsers(query: { limit: number }): Promise<unknown> }
}

/**
 * What an application asks of a database that fills up. Each call is about another one of its users.
 * @param callerOf the calls of whoever holds this cookie
 */
export function growth(kernel: Kernel, database: string, callerOf: (cookie: string) => GrowthCallers): Tasks {
  const as = ({ token }: Sample) =>
    callerOf(`better-auth.session_token=${encodeURIComponent(signValue(token, secret))}`)
  const each = (look: (row: Sample, first: Sample) => Promise<unknown>) => async () => {
    const sample = await sampleOf(database)
    const at = (index: number) => sample[index % sample.length] as Sample
    let next = 0
    return () => look(at(next++), at(0))
  }
  return {
    'get-session': each(row => as(row).session.get()),
    'sign-in look-up': each(({ email }) =>
      kernel.adapter.findOne({ model: 'user', where: [{ field: 'email', value: email }], join: 'account' }),
    ),
    'list-sessions': each(row => as(row).session.list()),
    'admin/list-users': each(async (_row, first) => as(first).admin.listUsers({ limit: 100 })),
  }
}
