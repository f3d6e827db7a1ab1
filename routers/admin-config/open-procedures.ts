import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { configValue, methods, type Parts, setSection, tags, writing } from './administrator.ts'
import { readSection } from './store.ts'

/** `adminConfig.publicAuth`, `.publicUi` and `.setPublicUi` */
export function openProcedures({ procedure }: ProcedureBuilder, parts: Parts) {
  return {
    publicAuth: procedure
      .public({
        rest: 'GET /admin/config/public-auth',
        operationId: 'getPublicAuthConfig',
        summary: 'The ways to sign in, and which of them are on',
        tags,
      })
      .output(z.object({ methods }))
      .query(async ({ ctx: { auth } }) => ({ methods: await parts.switches.list(auth.kernel) })),

    publicUi: procedure
      .public({
        rest: 'GET /admin/config/public-ui',
        operationId: 'getPublicUiConfig',
        summary: 'What administrators have set for user interfaces; everybody may read it',
        tags,
      })
      .output(z.object({ settings: configValue }))
      .query(async ({ ctx: { auth } }) => ({ settings: await readSection(auth.kernel, 'public-ui') })),

    setPublicUi: procedure
      .sensitive({
        rest: 'POST /admin/config/public-ui',
        operationId: 'setPublicUiConfig',
        summary: 'Sets what user interfaces read, in place of what was there; no secrets',
        errors: writing,
        ownerOnly: true,
        tags,
      })
      .input(z.object({ value: configValue }))
      .output(z.object({ settings: configValue }))
      .mutation(async ({ ctx: { auth }, input }) => ({
        settings: await setSection(auth, parts, { section: 'public-ui', value: input.value }),
      })),
  }
}
