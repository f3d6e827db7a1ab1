import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { AuthError, defineErrors, definePlugin, type ProcedureBuilder } from '../../src/index.ts'
import { postJson } from '../support/raw-request.ts'
import { startServer } from '../support/start-server.ts'

const odd = defineErrors({ DECLARED: [400, 'Declared'], UNDECLARED: [400, 'Undeclared'] })

const oddPlugin = definePlugin({
  id: 'odd',
  procedures: ({ procedure }: ProcedureBuilder) => ({
    odd: procedure
      .public({ rest: 'POST /odd', operationId: 'odd', summary: 'Fails', errors: [odd.DECLARED] })
      .input(z.object({ code: z.enum(['DECLARED', 'UNDECLARED']) }))
      .output(z.null())
      .mutation(({ input }) => {
        throw new AuthError(odd[input.code])
      }),
  }),
})

describe('an error code that the procedure does not declare', () => {
  it('fails the call and is logged', async () => {
    const { client, origin, log } = await startServer({ plugins: [oddPlugin] })
    const declared = await postJson(origin, '/api/auth/odd', { code: 'DECLARED' })
    expect([declared.status, JSON.parse(declared.text).code]).toEqual([400, 'DECLARED'])
    expect(log).toEqual([])

    const undeclared = await postJson(origin, '/api/auth/odd', { code: 'UNDECLARED' })
    expect([undeclared.status, JSON.parse(undeclared.text).code]).toEqual([500, 'INTERNAL_SERVER_ERROR'])
    expect(log.map(({ message }) => message)).toEqual(['odd answered with UNDECLARED, which it does not declare'])
    await expect(client().odd.mutate({ code: 'UNDECLARED' })).rejects.toMatchObject({
      data: { authCode: 'INTERNAL_SERVER_ERROR' },
    })
    expect(log).toHaveLength(2)
  })

  it('is answered as it is in production, and logged', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const { origin, log } = await startServer({ plugins: [oddPlugin], rateLimit: { enabled: false } })
    const undeclared = await postJson(origin, '/api/auth/odd', { code: 'UNDECLARED' })
    expect([undeclared.status, JSON.parse(undeclared.text).code]).toEqual([400, 'UNDECLARED'])
    expect(log).toHaveLength(1)
  })
})
