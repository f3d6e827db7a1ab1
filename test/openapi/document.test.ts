import { validate } from '@readme/openapi-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import type { Fields } from '../../src/index.ts'
import { listProcedures, restErrorsOf, restRoutes } from '../../src/meta.ts'
import { rawRequest } from '../support/raw-request.ts'
import { secondStep } from '../support/second-step-plugin.ts'
import { startServer } from '../support/start-server.ts'
import { createTestAuth } from '../support/test-auth.ts'

const userFields = {
  nickname: { type: 'string', required: false, input: true, maxLength: 40 },
  country: { type: 'string', input: true },
  newsletter: { type: 'boolean', input: true, defaultValue: false },
  born: { type: 'date', required: false, input: true },
  plan: { type: ['free', 'paid'], required: false, input: true },
  hiddenNote: { type: 'string', required: false, input: true, returned: false },
  rank: { type: 'number', required: false },
} as const satisfies Fields

const instances = {
  plain: createTestAuth().auth,
  'with a plugin and additional fields': createTestAuth({
    plugins: [secondStep()],
    user: { additionalFields: userFields },
    session: { additionalFields: { tags: { type: 'string[]', required: false, input: true } } },
  }).auth,
  "with Better Auth's error names": createTestAuth({ compat: { errors: 'better-auth' } }).auth,
}

// The document as it is on the wire, and as loosely typed as a reader from elsewhere would find it.
// biome-ignore lint/suspicious/noExplicitAny: a test reads the document by paths, which its own types make optional at every step
type Loose = any

describe.each(Object.entries(instances))('the OpenAPI document, %s', (name, auth) => {
  const document: Loose = JSON.parse(JSON.stringify(auth.openApiDocument()))
  const lines = listProcedures(auth.router).flatMap(procedure =>
    restRoutes(procedure.meta).map(route => ({ ...route, procedure })),
  )
  const operationOf = ({ method, path }: { method: string; path: string }) =>
    document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]

  it('passes two independent validators', async () => {
    expect(document.openapi).toBe('3.1.0')
    const byFirst = await new Validator().validate(structuredClone(document))
    expect(byFirst).toMatchObject({ valid: true })
    const bySecond = await validate(structuredClone(document))
    expect(bySecond).toMatchObject({ valid: true, warnings: [] })
  })

  it('has one operation for each REST line, and no other', () => {
    const operations = Object.values<Loose>(document.paths).flatMap(item => Object.values<Loose>(item))
    expect(operations).toHaveLength(lines.length)
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.toSorted()).toEqual(lines.map(({ operationId }) => operationId).toSorted())
  })

  it('says of every operation what it is, who may call it and what can go wrong', () => {
    const tags = document.tags.map((tag: { name: string }) => tag.name)
    for (const line of lines) {
      const operation = operationOf(line)
      const { meta } = line.procedure
      expect(operation).toMatchObject({ operationId: line.operationId, summary: meta.summary })
      expect(operation.deprecated ?? false).toBe(line.deprecated)
      expect(operation.tags.length).toBeGreaterThan(0)
      expect(tags).toEqual(expect.arrayContaining(operation.tags))
      expect(operation.security).toEqual(meta.access === 'public' ? [] : [{ sessionCookie: [] }])
      const isCompat = name.includes('Better Auth')
      const expected = restErrorsOf(line.procedure, []).map(error => {
        const { status, code } = (isCompat && error.betterAuth) || error
        return `${status} ${code}`
      })
      expect(errorsIn(operation)).toEqual([...new Set(expected)].toSorted())
    }
  })

  it('names what an operation does to the session cookie', () => {
    const { sessionCookie } = document.components.securitySchemes
    expect(sessionCookie).toMatchObject({ type: 'apiKey', in: 'cookie', name: 'better-auth.session_token' })
    const headerOf = (path: string) => document.paths[path].post.responses['200'].headers?.['Set-Cookie'].description
    expect(headerOf('/sign-in/email')).toBe('Sets `better-auth.session_token`')
    expect(headerOf('/sign-out')).toBe('Expires `better-auth.session_token`')
    expect(headerOf('/revoke-session')).toBeUndefined()
  })

  it('has every parameter of a path, and the query of a GET', () => {
    const { parameters, responses } = document.paths['/reset-password/{token}'].get
    expect(parameters.map((one: Loose) => [one.name, one.in, one.required])).toEqual([
      ['token', 'path', true],
      ['callbackURL', 'query', true],
    ])
    expect(responses['302'].headers.Location).toBeDefined()
    expect(responses['200']).toBeUndefined()
  })
})

function errorsIn(operation: Loose): string[] {
  return Object.entries<Loose>(operation.responses)
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([status, { content }]) => {
      const { code } = content['application/json'].schema.properties
      return code.enum.map((value: string) => `${status} ${value}`)
    })
    .toSorted()
}

describe('additional fields', () => {
  const document: Loose = instances['with a plugin and additional fields'].openApiDocument()
  const bodyOf = (path: string) => document.paths[path].post.requestBody.content['application/json'].schema

  it('are in the body of sign-up, with those that must be there', () => {
    const { properties, required } = bodyOf('/sign-up/email')
    expect(properties).toMatchObject({
      nickname: { type: ['string', 'null'], maxLength: 40 },
      country: { type: 'string' },
      newsletter: { type: 'boolean' },
      born: { type: ['string', 'null'], format: 'date-time' },
      plan: { enum: ['free', 'paid', null] },
      hiddenNote: { type: ['string', 'null'] },
      secondStepOn: { type: 'boolean' },
    })
    expect(properties).not.toHaveProperty('rank')
    expect(required).toEqual(['name', 'email', 'password', 'country'])
  })

  it('are in the body of an update, where none must be there', () => {
    expect(Object.keys(bodyOf('/update-user').properties)).toEqual(expect.arrayContaining(['nickname', 'country']))
    expect(bodyOf('/update-user').required).toBeUndefined()
    expect(bodyOf('/update-session').properties).toMatchObject({ tags: { type: ['array', 'null'] } })
  })

  it('are in User and Session, except the hidden ones', () => {
    const { User, Session } = document.components.schemas
    expect(User.properties).toMatchObject({
      nickname: {},
      country: { type: 'string' },
      rank: { type: ['number', 'null'] },
    })
    expect(User.properties).not.toHaveProperty('hiddenNote')
    expect(Session.properties).toMatchObject({ tags: {}, secondStep: { type: ['boolean', 'null'] } })
    expect(JSON.stringify(document.components)).not.toMatch(/password|hiddenNote/)
  })
})

describe('the document', () => {
  it('is served under the base path', async () => {
    const { auth, origin } = await startServer()
    const answer = await rawRequest(origin, { path: '/api/auth/openapi.json' })
    expect(answer.headers['content-type']).toContain('application/json')
    expect(JSON.parse(answer.text)).toEqual(JSON.parse(JSON.stringify(auth.openApiDocument())))
    expect(JSON.parse(answer.text).servers).toEqual([{ url: `${origin}/api/auth` }])
  })

  it('names the cookie as it is on the wire', () => {
    const secured: Loose = createTestAuth({ baseURL: 'https://app.example' }).auth.openApiDocument()
    expect(secured.components.securitySchemes.sessionCookie.name).toBe('__Secure-better-auth.session_token')
  })
})
