import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { configValue, type Parts, secretFields, setSection, showSection, tags, writing } from './administrator.ts'
import { adminConfigErrors } from './errors.ts'

// Sections are read and replaced in the same way, whichever they are.
const reading = { errors: [adminConfigErrors.ADMIN_CONFIG_FORBIDDEN], tags }
const replacing = {
  description: 'A secret that is sent as it is read, redacted, stays what it is. `secretFields` names further secrets.',
  errors: writing,
  ownerOnly: true,
  tags,
}
const replacement = z.object({ value: configValue, secretFields })

/** `adminConfig.emailClients` and `.setEmailClients` */
export function emailClientProcedures({ procedure }: ProcedureBuilder, parts: Parts) {
  const clients = z.object({ clients: configValue })
  return {
    emailClients: procedure
      .sensitive({
        rest: 'GET /admin/config/email-clients',
        operationId: 'getEmailClientsConfig',
        summary: 'The e-mail clients, without their secrets',
        ...reading,
      })
      .output(clients)
      .query(async ({ ctx: { auth } }) => ({ clients: await showSection(auth, parts, 'email-clients') })),

    setEmailClients: procedure
      .sensitive({
        rest: 'POST /admin/config/email-clients',
        operationId: 'setEmailClientsConfig',
        summary: 'Sets the e-mail clients, in place of what was there',
        ...replacing,
      })
      .input(replacement)
      .output(clients)
      .mutation(async ({ ctx: { auth }, input }) => ({
        clients: await setSection(auth, parts, { section: 'email-clients', ...input }),
      })),
  }
}

/** `adminConfig.stripe` and `.setStripe` */
export function stripeProcedures({ procedure }: ProcedureBuilder, parts: Parts) {
  const stripe = z.object({ stripe: configValue })
  return {
    stripe: procedure
      .sensitive({
        rest: 'GET /admin/config/stripe',
        operationId: 'getStripeConfig',
        summary: 'The settings of Stripe, without their secrets',
        ...reading,
      })
      .output(stripe)
      .query(async ({ ctx: { auth } }) => ({ stripe: await showSection(auth, parts, 'stripe') })),

    setStripe: procedure
      .sensitive({
        rest: 'POST /admin/config/stripe',
        operationId: 'setStripeConfig',
        summary: 'Sets the settings of Stripe, in place of what was there',
        ...replacing,
      })
      .input(replacement)
      .output(stripe)
      .mutation(async ({ ctx: { auth }, input }) => ({
        stripe: await setSection(auth, parts, { section: 'stripe', ...input }),
      })),
  }
}
