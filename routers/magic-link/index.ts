import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { type MagicLinkOptions, resolveMagicLink } from './options.ts'
import { type MagicLinkRouter, magicLinkProcedures } from './procedures.ts'

export type { MagicLinkMail, MagicLinkOptions } from './options.ts'
export type { MagicLinkRouter } from './procedures.ts'

/**
 * Sign-in by a link that is mailed and works once.
 * @throws without `sendMagicLink`, and when a number makes no sense
 */
export function magicLink(options: MagicLinkOptions): Plugin<MagicLinkRouter> {
  const settings = resolveMagicLink(options)
  return definePlugin<MagicLinkRouter>({
    id: 'magic-link',
    signInMethod: 'magic-link',
    procedures: builder => magicLinkProcedures(builder, settings),
  })
}
