import { forgetAccountCookie } from '../../src/oauth-flow/account-cookie.ts'
import { forgetFlow } from '../../src/oauth-flow/state.ts'
import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { type SocialRouter, socialProcedures } from './procedures.ts'
import { type SocialServerRouter, socialServerProcedures } from './token-procedures.ts'

export type { SocialRouter } from './procedures.ts'
export type { SocialServerRouter } from './token-procedures.ts'

type None = Record<never, never>

/** Sign-in at other sites, linking of such logins, and their tokens. The sites are `socialProviders` of the options. */
export function social(): Plugin<SocialRouter, None, never, SocialServerRouter> {
  return definePlugin<SocialRouter, None, never, SocialServerRouter>({
    id: 'social',
    procedures: socialProcedures,
    serverProcedures: socialServerProcedures,
    hooks: {
      sessionForgotten: auth => {
        forgetAccountCookie(auth)
        forgetFlow(auth)
      },
    },
  })
}
