import { VERSION } from '../version.ts'
import type { Change } from './changes.ts'
import type { Attribution } from './contributions.ts'
import type { Rebuilt, SchemaPlan } from './plan.ts'

export interface MigrationText {
  /** Class name and, in MikroORM's table of migrations, the name of the migration. */
  name: string
  /** TypeScript has `override`, JavaScript has not. */
  language: 'ts' | 'js'
  /** What the plan was made from: `the database`, `the snapshot`. */
  comparedWith: string
  engine: string
  attribution: Attribution
}

/** The source of a MikroORM migration that does what `plan` says, for a person to review. */
export function migrationText(plan: SchemaPlan, text: MigrationText): string {
  const override = text.language === 'ts' ? 'override ' : ''
  const type = text.language === 'ts' ? ': Promise<void>' : ''
  const isRebuild = plan.rebuilt.up.length + plan.rebuilt.down.length > 0
  return `import { Migration } from '@mikro-orm/migrations'

${header(plan, text)}
export class ${className(text.name)} extends Migration {
  ${override}name = '${text.name}'

  ${override}async up()${type} {
${[...guard(plan.rebuilt.up), ...plan.up.map(addSql)].join('\n')}
  }

  ${override}async down()${type} {
${[...guard(plan.rebuilt.down), ...plan.down.map(addSql)].join('\n')}
  }
${isRebuild ? assertCopyable(text.language) : ''}}
`
}

/** File name without extension, class name and name of a migration generated at `now` (UTC). */
export function migrationName(now: Date): string {
  return `Migration${now.toISOString().replace(/[-T:]|\.\d{3}Z$/g, '')}_kernia`
}

function className(name: string): string {
  return /^[A-Za-z_$]/.test(name) ? name.replace(/[^\w$]/g, '_') : `Migration_${name.replace(/[^\w$]/g, '_')}`
}

function header(plan: SchemaPlan, { comparedWith, engine, attribution }: MigrationText): string {
  const lines = [...contributed(plan.changes, attribution)]
  const unfilled = plan.unfilled.map(
    ({ table, column }) => `Fails where ${table} has rows without ${column}: give them a value first.`,
  )
  const text = [`Written by \`kernia generate\` (Kernia ${VERSION}) for ${engine}, by comparison with ${comparedWith}.`]
  return [
    '/**',
    ...[...text, '', ...lines, ...unfilled].map(line => ` * ${line.replaceAll('*/', '* /')}`.trimEnd()),
    ' */',
  ].join('\n')
}

/** One line per contributor: `plugin "two-factor": creates twoFactor; adds user.twoFactorEnabled`. */
export function contributed(changes: readonly Change[], attribution: Attribution): string[] {
  const bySource = new Map<string, string[]>()
  for (const { table, column, text } of changes) {
    const source = attribution(table, column) ?? attribution(table) ?? 'unknown'
    bySource.set(source, [...(bySource.get(source) ?? []), text])
  }
  return [...bySource].map(([source, texts]) => `${source}: ${texts.join('; ')}`)
}

function guard(rebuilt: readonly Rebuilt[]): string[] {
  if (rebuilt.length === 0) return []
  const tables = rebuilt.map(({ table, columns }) => {
    const names = columns.map(column => literal(column)).join(', ')
    return `      ${/^[A-Za-z_]\w*$/.test(table) ? table : JSON.stringify(table)}: [${names}],`
  })
  return ['    await this.assertCopyable({', ...tables, '    })']
}

/** What stands in the way of losing rows and columns, whoever runs the migration. */
function assertCopyable(language: 'ts' | 'js'): string {
  const [tables, result] = language === 'ts' ? [': Record<string, string[]>', ': Promise<void>'] : ['', '']
  return `
  /** Tables are written anew below: with all columns they have, and without deleting the rows that refer to theirs. */
  async assertCopyable(tables${tables})${result} {
    const [keys] = await this.execute('pragma foreign_keys')
    // Within a transaction they cannot be turned off any more.
    if (this.ctx && keys?.foreign_keys) {
      throw new Error('run this with \`kernia migrate\`, or with \`migrations: { transactional: false }\` of MikroORM')
    }
    for (const [table, known] of Object.entries(tables)) {
      const columns = await this.execute('select name from pragma_table_info(?)', [table])
      const others = columns.map(column => String(column.name)).filter(name => !known.includes(name))
      if (others.length > 0) throw new Error(\`\${table} has other columns by now (\${others}): generate this migration anew\`)
    }
  }
`
}

/** Long definitions of tables take a line for each column; the statement itself stays one line. */
function addSql(sql: string): string {
  const statement = sql.replace(/;$/, '')
  const [start = '', ...rest] = statement.length > 100 ? splitStatement(statement) : [statement]
  if (rest.length === 0) return `    this.addSql(${literal(statement)})`
  const parts = [literal(start), ...rest.map(part => `  ${literal(part)}`)]
  return `    this.addSql(\n      ${parts.join(' +\n      ')},\n    )`
}

function splitStatement(sql: string): string[] {
  const copy = /^(insert into .*? )(select .* )(from .*)$/.exec(sql)
  return copy ? copy.slice(1) : splitDefinition(sql)
}

/** Cuts `create table t (a, b)` after the opening parenthesis and after each comma that is not within another one. */
function splitDefinition(sql: string): string[] {
  const parts = ['']
  let depth = 0
  // Quoted texts and names are taken whole.
  for (const [token] of sql.matchAll(/'(?:[^']|'')*'|"[^"]*"|`[^`]*`|, |[\s\S]/g)) {
    const isEnd = token === ')' && depth === 1
    if (token === '(') depth++
    if (token === ')') depth--
    if (isEnd && parts.length > 1) parts.push('')
    parts[parts.length - 1] += token
    if (/^create table/.test(sql) && depth === 1 && (token === '(' || token === ', ')) parts.push('')
  }
  return parts
}

function literal(sql: string): string {
  if (!/['\\\n]/.test(sql)) return `'${sql}'`
  return `\`${sql.replace(/[`$\\]/g, '\\$&')}\``
}
