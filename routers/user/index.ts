import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { type UserRouter, userProcedures } from './procedures.ts'

export type { UserRouter } from './procedures.ts'

/** What users change about themselves. */
export function user(): Plugin<UserRouter> {
  return definePlugin<UserRouter>({ id: 'user', procedures: userProcedures })
}
