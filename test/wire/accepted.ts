import type { Difference } from './compare.ts'

/** One row of the table of accepted differences. */
export interface AcceptedRow {
  id: string
  steps: string[]
  fields: string[]
  official: string
  ours: string
  reason: string
}

const columns = ['id', 'steps', 'field', 'official', 'ours', 'reason']

/** Reads the rows of the table whose header names exactly the columns above; throws when there is none. */
export function parseAccepted(markdown: string): AcceptedRow[] {
  const lines = markdown.split('\n')
  const start = lines.findIndex(line => columns.join() === splitRow(line).join())
  if (start < 0) throw new Error(`no table with the columns ${columns.join(', ')}`)
  const rows: AcceptedRow[] = []
  for (const line of lines.slice(start + 2)) {
    if (!line.trim().startsWith('|')) break
    const cells = splitRow(line)
    if (cells.length !== columns.length || cells.some(cell => cell === ''))
      throw new Error(`a row of the table has an empty, missing or extra cell: ${line}`)
    const [id = '', steps = '', fields = '', official = '', ours = '', reason = ''] = cells
    if (rows.some(row => row.id === id)) throw new Error(`two rows of the table have the id ${id}`)
    rows.push({ id, steps: splitList(steps), fields: splitList(fields), official, ours, reason })
  }
  return rows
}

export interface Verdict {
  /** Differences that a row allows, by the id of the row. */
  listed: Map<string, Difference[]>
  unlisted: Difference[]
  /** Rows, or steps of a row, that match no difference any more. */
  stale: string[]
}

/** Sorts the differences into those that a row of the table allows and those that none does. */
export function judge(differences: Difference[], rows: AcceptedRow[]): Verdict {
  const listed = new Map<string, Difference[]>()
  const used = new Set<string>()
  const unlisted = differences.filter(difference => {
    let found = false
    for (const row of rows) {
      if (!row.fields.some(field => matchesField(field, difference.field))) continue
      if (!matchesValue(row.official, difference.official) || !matchesValue(row.ours, difference.ours)) continue
      const steps = row.steps.filter(step => matchesGlob(step, difference.step))
      for (const step of steps) used.add(`${row.id}: ${step}`)
      if (!steps.length) continue
      listed.set(row.id, [...(listed.get(row.id) ?? []), difference])
      found = true
    }
    return !found
  })
  const stale = rows.flatMap(row => row.steps.map(step => `${row.id}: ${step}`)).filter(name => !used.has(name))
  return { listed, unlisted, stale }
}

// `body` covers `body.code` and `body:order` as well; a glob covers what it says.
function matchesField(pattern: string, field: string): boolean {
  return matchesGlob(pattern, field) || field.startsWith(`${pattern}.`) || field.startsWith(`${pattern}:`)
}

// A cell in backticks is the value itself, `*` standing for anything; other cells are for the reader only.
function matchesValue(cell: string, value: string): boolean {
  return !isQuoted(cell) || matchesGlob(unquote(cell), value)
}

function matchesGlob(pattern: string, text: string): boolean {
  const source = pattern.split('*').map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${source.join('.*')}$`, 's').test(text)
}

function splitRow(line: string): string[] {
  const cells = line
    .trim()
    .split(/(?<!\\)\|/)
    .slice(1, -1)
  return cells.map(cell => cell.trim().replaceAll('\\|', '|'))
}

function splitList(cell: string): string[] {
  return cell.split(',').map(item => unquote(item.trim()))
}

function isQuoted(cell: string): boolean {
  return cell.length > 1 && cell.startsWith('`') && cell.endsWith('`')
}

function unquote(cell: string): string {
  return isQuoted(cell) ? cell.slice(1, -1) : cell
}
