import { definePlugin, type Plugin } from '../../src/plugin.ts'
import { createGoogle } from './google.ts'
import type { OneTapOptions } from './options.ts'
import { type OneTapRouter, oneTapProcedures } from './procedures.ts'

export type { OneTapOptions } from './options.ts'
export type { OneTapRouter } from './procedures.ts'

/** Sign-in with Google One Tap: its id token, checked against Google's keys, signs in as that of any provider does. */
export function oneTap(options: OneTapOptions = {}): Plugin<OneTapRouter> {
  const findGoogle = createGoogle(options)
  return definePlugin<OneTapRouter>({
    id: 'one-tap',
    procedures: builder => oneTapProcedures(builder, findGoogle),
  })
}
