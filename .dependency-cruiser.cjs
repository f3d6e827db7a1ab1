// Who may import whom. `import type` counts: a type that points the wrong way couples as much as a value.
//
//   entities  -> @mikro-orm/core, zod
//   src       -> entities; only init, cli and integrations (and the public index) know routers, openapi and clients
//   routers/x -> src, entities/x and the core records, routers/y/index only if x says `requires: ['y']`; the index of a library
//   openapi   -> src/meta, src/errors, src/incoming, src/answer-headers
//   clients   -> types only (at run time @trpc/client)
//
// Cycles between folders are looked for in scripts/imports.ts.

const { existsSync, readdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

const SHIPPED = '^(src|routers|entities|openapi|clients)/'
// The parts of src that put an instance together and show it: they know every part, and no part knows them.
const COMPOSITION = '^src/((index|init)\\.ts$|cli/|integrations/)'
// Folders of routers that are no plugin, so that nothing can require them: what they export, features share.
const LIBRARIES = ['access']
const CORE_ENTITIES = ['user', 'session', 'account', 'verification']
// Migrations are written in terms of MikroORM's tables, and run on its connection.
const DRIVER_LOADER = '^src/(adapters/mikro-orm(/|[^/]*\\.ts$)|migrations/)'

const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`

/** Feature folders with the features they declare to require. */
function features() {
  const folder = join(__dirname, 'routers')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => {
      const index = join(folder, name, 'index.ts')
      const declared = existsSync(index) && /\brequires:\s*\[([^\]]*)\]/.exec(readFileSync(index, 'utf8'))
      return { name, requires: declared ? [...declared[1].matchAll(/['"]([\w-]+)['"]/g)].map(match => match[1]) : [] }
    })
}

const featureRules = features().flatMap(({ name, requires }) => {
  const entityFiles = features()
    .map(feature => feature.name)
    .filter(other => other !== name && !requires.includes(other) && !CORE_ENTITIES.includes(other))
  const required = [...requires, ...LIBRARIES].map(other => `^routers/${other}/index\\.ts$`)
  return [
    {
      name: `router-${name}-to-router`,
      comment: `routers/${name} may import the index.ts of routers it declares to require, and no other router.`,
      severity: 'error',
      from: { path: `^routers/${name}/` },
      to: { path: '^routers/', pathNot: [`^routers/${name}/`, ...required] },
    },
    {
      name: `router-${name}-to-entities`,
      comment: `routers/${name} may import its own entities and the core records, not those of another feature.`,
      severity: 'error',
      from: { path: `^routers/${name}/` },
      to: { path: `^entities/(${entityFiles.join('|') || '-'})(\\.ts$|/)` },
    },
  ]
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that import each other are one file, or miss a third one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'entities-outward',
      comment: 'entities import @mikro-orm/core and zod, and nothing of ours.',
      severity: 'error',
      from: { path: '^entities/' },
      to: { pathNot: ['^entities/', npm('@mikro-orm/core', 'zod')] },
    },
    {
      name: 'src-outward',
      comment: 'Of src, only init.ts, cli, integrations and the public index know routers, openapi and clients.',
      severity: 'error',
      from: { path: '^src/', pathNot: COMPOSITION },
      to: { path: '^(routers|openapi|clients)/' },
    },
    {
      name: 'src-to-composition',
      comment: 'The kernel does not know who puts it together.',
      severity: 'error',
      from: { path: '^src/', pathNot: COMPOSITION },
      to: { path: COMPOSITION },
    },
    {
      name: 'routers-outward',
      comment: 'Features import the kernel and entities.',
      severity: 'error',
      from: { path: '^routers/' },
      to: { path: ['^(openapi|clients)/', COMPOSITION] },
    },
    ...featureRules,
    {
      name: 'openapi-outward',
      comment:
        'openapi reads procedures of any tRPC router: of ours it knows only how they are described, fail and are reached.',
      severity: 'error',
      from: { path: '^openapi/' },
      to: { path: '^(src|routers|entities|clients)/', pathNot: '^src/(meta|errors|incoming|answer-headers)\\.ts$' },
    },
    {
      name: 'clients-types-only',
      comment: 'A client must not pull the server in: it imports types of ours, and no value.',
      severity: 'error',
      from: { path: '^clients/' },
      to: { path: '^(src|routers|entities|openapi)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'clients-packages',
      comment: 'At run time a client needs @trpc/client and its cookie jar, nothing else.',
      severity: 'error',
      from: { path: '^clients/' },
      to: {
        dependencyTypesNot: ['type-only', 'local'],
        pathNot: ['^clients/', npm('@trpc/client', 'tough-cookie')],
      },
    },
    {
      name: 'no-database-driver',
      comment: 'Kernia talks to its adapter contract; only the MikroORM adapter and migrations know drivers.',
      severity: 'error',
      from: { path: SHIPPED, pathNot: DRIVER_LOADER },
      to: {
        path: [
          npm(
            '@mikro-orm/(?!core/)[^/]+',
            'pg',
            'pg-[^/]+',
            'postgres',
            'mysql2?',
            'mariadb',
            'mongodb',
            'sqlite3',
            'better-sqlite3',
            'libsql',
            '@libsql/[^/]+',
            'kysely',
          ),
          '^(node:)?sqlite$',
        ],
      },
    },
    {
      name: 'no-tests',
      comment: 'Published files do not import tests, examples or scripts.',
      severity: 'error',
      from: { path: SHIPPED },
      to: { path: '^(test|examples|scripts|bench|docs|dist)/' },
    },
    {
      name: 'no-dev-package',
      comment: 'A package that published files import is a dependency or a peer, even for its types.',
      severity: 'error',
      from: { path: SHIPPED },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'npm'] },
    },
    {
      name: 'no-unlisted-package',
      comment: 'A package must be in package.json, not come along with another one.',
      severity: 'error',
      from: { path: '^(src|routers|entities|openapi|clients|test|examples|scripts)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-resolvable',
      comment: 'An import must lead somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: ['^dist/', '^examples/.*/dist/', '[.]kernia/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
