import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { definePlugin } from '../../src/index.ts'
import { orRedirect, type ProcedureDeclaration } from '../../src/meta.ts'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { createTestAuth } from '../support/test-auth.ts'
import { visit } from '../support/visitor.ts'

const answer = z.object({ status: z.boolean() })

function withProcedure(redirect: ProcedureDeclaration['redirect'], output: z.ZodType) {
  const declaration = { rest: 'GET /go', operationId: 'go', summary: 'Goes somewhere', tags: ['Test'] } as const
  const procedures = ({ procedure }: ProcedureBuilder) => ({
    go: procedure
      .public({ ...declaration, redirect })
      .input(z.object({ callbackURL: z.string().max(100).optional() }))
      .output(output)
      .query(({ input: { callbackURL } }) => (callbackURL ? { url: callbackURL, status: true } : { status: true })),
  })
  return createTestAuth({ plugins: [definePlugin({ id: 'go', procedures })] }).auth
}

describe('a procedure that redirects only sometimes', () => {
  it('answers with JSON, or 302 when its output has an address', async () => {
    const visitor = visit(withProcedure('optional', orRedirect(answer)))
    const here = await visitor.get('/go')
    expect([here.status, here.body, here.headers.get('location')]).toEqual([200, { status: true }, null])
    const there = await visitor.get('/go?callbackURL=/there')
    expect([there.status, there.text, there.headers.get('location')]).toEqual([302, '', '/there'])
    expect((await visitor.get('/go?callbackURL=//evil.example')).status).toBe(403)
    const overTrpc = await visitor.get(`/trpc/go?input=${encodeURIComponent('{"callbackURL":"/there"}')}`)
    expect(JSON.parse(overTrpc.text).result.data).toEqual({ url: '/there' })
  })

  it('is described as both, and its JSON without the address', () => {
    const document = JSON.parse(JSON.stringify(withProcedure('optional', orRedirect(answer)).openApiDocument()))
    const { responses } = document.paths['/go'].get
    expect(Object.keys(responses['200'].content['application/json'].schema.properties)).toEqual(['status'])
    expect(Object.keys(responses['302'].headers)).toEqual(['Location'])
    const verify = document.paths['/verify-email'].get.responses
    expect(Object.keys(verify['200'].content['application/json'].schema.properties)).toEqual(['status', 'user'])
    expect(Object.keys(verify['302'].headers)).toEqual(['Location', 'Set-Cookie'])
    for (const code of ['MISSING_OR_NULL_ORIGIN', 'INVALID_ORIGIN']) expect(JSON.stringify(verify)).not.toContain(code)
  })

  it('must say so in its output', () => {
    expect(() => withProcedure('optional', answer)).toThrow('the output of "go" must be an `orRedirect`')
  })
})
