import { validate } from '@readme/openapi-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import { bearer } from '../../routers/bearer/index.ts'
import { jwt } from '../../routers/jwt/index.ts'
import { multiSession } from '../../routers/multi-session/index.ts'
import { oneTimeToken } from '../../routers/one-time-token/index.ts'
import { errors } from '../../src/errors.ts'
import type { AnyPlugin } from '../../src/index.ts'
import { errorsOf, listProcedures, restRoutes } from '../../src/meta.ts'
import { createTestAuth } from '../support/test-auth.ts'

const all: [string, AnyPlugin][] = [
  ['bearer', bearer()],
  ['jwt', jwt()],
  ['jwt with rotation', jwt({ rotation: { authorize: () => true } })],
  ['multi-session', multiSession()],
  ['one-time-token', oneTimeToken()],
]
const together: AnyPlugin[] = [bearer(), jwt(), multiSession(), oneTimeToken()]

it.each([...all.map(([name, plugin]) => [name, [plugin]] as const), ['all of them', together] as const])(
  'the document of an instance with %s is valid',
  async (_name, plugins) => {
    // As it is sent.
    const document = JSON.parse(JSON.stringify(createTestAuth({ plugins }).auth.openApiDocument()))
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true })
    expect(await validate(structuredClone(document))).toMatchObject({ valid: true, warnings: [] })
  },
)

it('each procedure is declared in full, with one name each', () => {
  const procedures = listProcedures(createTestAuth({ plugins: together }).auth.router as never)
  const routes = procedures.flatMap(({ meta }) => restRoutes(meta))
  for (const key of ['operationId', 'path'] as const) {
    const names = routes.map(route => (key === 'path' ? `${route.method} ${route.path}` : route.operationId))
    expect(new Set(names).size).toBe(names.length)
  }
  for (const { meta, type, fields, output } of procedures) {
    expect(output).toBeDefined()
    expect(meta.summary).toMatch(/^[A-Z].{5,}[^.]$/)
    expect(meta.tags?.length).toBeGreaterThan(0)
    if (meta.sessionCookie) expect(type).toBe('mutation')
    expect(errorsOf({ meta, type, fields })).toContain(errors.RATE_LIMITED)
  }
})
