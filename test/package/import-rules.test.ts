import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCircles } from '../../scripts/folder-circles.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A small project of the same shape. The files to the left of `breaks` are there to be imported. */
const project: Record<string, string> = {
  'src/meta.ts': 'export const meta = 1',
  'src/errors.ts': 'export const errors = 1',
  'src/users.ts': 'export const users = 1',
  'src/two.ts': `import { type one } from './one.ts'\nexport type Two = typeof one`,
  'src/auth.ts': 'export interface Auth {}',
  'src/init.ts': `import '../routers/alpha/index.ts'\nimport '../openapi/routes.ts'\nexport const init = 1`,
  'src/cli/main.ts': `import '../init.ts'`,
  'src/integrations/express.ts': `import type { Request } from 'express'\nimport '../../openapi/routes.ts'\nexport type R = Request`,
  'src/adapters/mikro-orm/driver.ts': `import 'node:sqlite'\nimport '@mikro-orm/sql'`,
  'entities/user.ts': `import '@mikro-orm/core'\nimport 'zod'`,
  'entities/alpha.ts': `import './user.ts'`,
  'entities/beta.ts': '',
  'routers/alpha/index.ts': `import '../beta/index.ts'\nexport const alpha = { requires: ['beta'] }`,
  'routers/alpha/procedures.ts': `import '../../src/users.ts'\nimport '../../entities/user.ts'\nimport '../../entities/alpha.ts'`,
  'routers/beta/index.ts': 'export const beta = 1',
  'routers/beta/inner.ts': 'export const inner = 1',
  'openapi/routes.ts': `import '../src/meta.ts'\nimport '../src/errors.ts'\nimport 'zod'`,
  'clients/trpc-client.ts': `import '@trpc/client'\nimport type { Auth } from '../src/auth.ts'\nexport type A = Auth`,
  'test/inbox.ts': 'export const inbox = 1',
}

/** One wrong file per line of the rules: what it says, and the rule that must refuse it. */
const breaks: [rule: string, file: string, text: string][] = [
  ['no-circular', 'src/one.ts', `import './two.ts'\nexport const one = 1`],
  [
    'entities-outward',
    'entities/wrong-kernel.ts',
    `import type { users } from '../src/users.ts'\nexport type U = typeof users`,
  ],
  ['entities-outward', 'entities/wrong-node.ts', `import 'node:crypto'`],
  [
    'src-outward',
    'src/wrong-router.ts',
    `import type { beta } from '../routers/beta/index.ts'\nexport type B = typeof beta`,
  ],
  ['src-outward', 'src/wrong-openapi.ts', `import '../openapi/routes.ts'`],
  ['src-outward', 'src/wrong-client.ts', `import type { A } from '../clients/trpc-client.ts'\nexport type B = A`],
  ['src-to-composition', 'src/wrong-init.ts', `import type { init } from './init.ts'\nexport type I = typeof init`],
  ['routers-outward', 'routers/beta/wrong-init.ts', `import '../../src/init.ts'`],
  ['routers-outward', 'routers/beta/wrong-openapi.ts', `import '../../openapi/routes.ts'`],
  ['router-beta-to-router', 'routers/beta/wrong-undeclared.ts', `import '../alpha/index.ts'`],
  ['router-alpha-to-router', 'routers/alpha/wrong-inside.ts', `import '../beta/inner.ts'`],
  ['router-beta-to-entities', 'routers/beta/wrong-entities.ts', `import '../../entities/alpha.ts'`],
  [
    'openapi-outward',
    'openapi/wrong-kernel.ts',
    `import type { users } from '../src/users.ts'\nexport type U = typeof users`,
  ],
  ['openapi-outward', 'openapi/wrong-router.ts', `import '../routers/beta/index.ts'`],
  ['clients-types-only', 'clients/wrong-value.ts', `import '../src/meta.ts'`],
  ['clients-packages', 'clients/wrong-package.ts', `import '@trpc/server'`],
  ['no-database-driver', 'src/wrong-sqlite.ts', `import 'node:sqlite'`],
  ['no-database-driver', 'src/wrong-driver.ts', `import type {} from '@mikro-orm/postgresql'`],
  ['no-database-driver', 'routers/beta/wrong-sql.ts', `import '@mikro-orm/sql'`],
  ['no-tests', 'src/wrong-test.ts', `import '../test/inbox.ts'`],
  ['no-dev-package', 'src/wrong-dev.ts', `import type {} from 'vitest'`],
  ['no-unlisted-package', 'src/wrong-unlisted.ts', `import 'tinyrainbow'`],
  ['not-resolvable', 'src/wrong-path.ts', `import './nowhere.ts'`],
]

describe('import rules', () => {
  let folder = ''
  let found: { rule: string; from: string }[] = []

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kernia-import-rules-'))
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
      copyFileSync(join(root, name), join(folder, name))
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const wrong = Object.fromEntries(breaks.map(([, file, text]) => [file, text]))
    for (const [file, text] of Object.entries({ ...project, ...wrong })) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    found = violations(folder)
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(breaks)('%s refuses %s', (rule, from) => {
    expect(found).toContainEqual({ rule, from })
  })

  it('accept every import the design allows', () => {
    expect(found.filter(({ from }) => from in project)).toEqual([])
  })
})

describe('folder circles', () => {
  const module = (source: string, ...imports: string[]) => ({
    source,
    dependencies: imports.map(resolved => ({ resolved })),
  })

  it('are found although no two files import each other', () => {
    const modules = [
      module('src/crypto/hmac.ts', 'src/oauth/state.ts'),
      module('src/oauth/pkce.ts', 'src/crypto/random.ts'),
      module('src/oauth/state.ts'),
      module('src/crypto/random.ts'),
    ]
    expect(findCircles(modules)).toEqual([['src/crypto', 'src/oauth']])
  })

  it('are not seen in the composition root, which imports routers that import the kernel', () => {
    const modules = [
      module('src/init.ts', 'routers/user/index.ts', 'src/users.ts'),
      module('routers/user/index.ts', 'src/users.ts'),
      module('src/users.ts', 'entities/user.ts'),
    ]
    expect(findCircles(modules)).toEqual([])
  })
})

function violations(cwd: string): { rule: string; from: string }[] {
  const folders = ['src', 'routers', 'entities', 'openapi', 'clients', 'test']
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const args = [program, '--config', '.dependency-cruiser.cjs', '-T', 'json', '-f', 'result.json', ...folders]
  const run = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  expect(run.stderr).toBe('')
  const result: { summary: { violations: { from: string; rule: { name: string } }[] } } = JSON.parse(
    readFileSync(join(cwd, 'result.json'), 'utf8'),
  )
  return result.summary.violations.map(({ from, rule }) => ({ rule: rule.name, from }))
}
