import { validate } from '@readme/openapi-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import { organization } from '../../../routers/organization/index.ts'
import { inputShape, listProcedures, restErrorsOf, restRoutes } from '../../../src/meta.ts'
import { createTestAuth } from '../../support/test-auth.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { openCompany } from './company.ts'

const options = { teams: { enabled: true }, dynamicAccessControl: { enabled: true } } as const
const { auth } = createTestAuth({ plugins: [organization(options)] })
const routes = listProcedures(auth.router)
  .filter(({ path }) => path.startsWith('organization.'))
  .map(procedure => ({ procedure, route: restRoutes(procedure.meta)[0]! }))

it('has the 35 routes of Better Auth, under its names', () => {
  const official = routes.map(({ route }) => `${route.method} ${route.path}`)
  expect(official).toHaveLength(35)
  expect(official.every(line => /^(GET|POST) \/organization\/[a-z-]+$/.test(line))).toBe(true)
})

it('is in the OpenAPI document, each operation with its codes', async () => {
  const document = JSON.parse(JSON.stringify(auth.openApiDocument()))
  expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true })
  expect(await validate(structuredClone(document))).toMatchObject({ valid: true, warnings: [] })
  for (const { procedure, route } of routes) {
    const operation = document.paths[route.path][route.method.toLowerCase()]
    expect(operation.operationId).toBe(procedure.meta.operationId)
    const responses = JSON.stringify(operation.responses)
    for (const { code } of restErrorsOf(procedure, [])) expect(responses).toContain(code)
  }
})

const LONG = 'x'.repeat(70_000)
const HOSTILE: unknown[] = [
  null,
  true,
  -1,
  1e300,
  '',
  ' ',
  LONG,
  '\u{1f600}'.repeat(100),
  "' or 1=1 --",
  '%',
  '\\',
  [],
  {},
  [null],
  [LONG],
  { $ne: null },
  { $gt: '' },
  [{ $ne: null }],
  { toString: 'x' },
  'a\u0000b',
]

describeEveryInstance('hostile inputs of organizations [control 51]', start => {
  it('are refused or taken, and never an error of the server', async () => {
    const { join, found, log } = await openCompany(start, options)
    const owner = await join('owner')
    const organizationId = await found(owner, 'acme')
    const base: Record<string, unknown> = {
      organizationId,
      name: 'n',
      slug: 's',
      email: 'x@example.com',
      role: 'member',
      memberId: 'm',
      memberIdOrEmail: 'm',
      invitationId: 'i',
      id: 'i',
      teamId: 't',
      userId: 'u',
      roleName: 'r',
      permission: {},
      data: {},
    }
    for (const { procedure, route } of routes) {
      // What would end the story, or fill it with organizations.
      if (/delete$|leave$/.test(route.path)) continue
      const keys = Object.keys(inputShape(procedure.input))
      const valid = Object.fromEntries(keys.filter(key => key in base).map(key => [key, base[key]]))
      for (const key of keys) {
        for (const value of HOSTILE) {
          const input = { ...valid, [key]: value }
          const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
          if (route.method === 'GET' && text.length > 1000) continue
          const { status } =
            route.method === 'GET'
              ? await owner.get(`${route.path}?${new URLSearchParams({ organizationId, [key]: text })}`)
              : await owner.post(route.path, input)
          expect
            .soft([route.path, key, String(text).slice(0, 20), status < 500])
            .toEqual([route.path, key, String(text).slice(0, 20), true])
        }
      }
    }
    expect(log).toEqual([])
  })
})
