import { listProcedures } from '../../src/meta.ts'
import { call, type Told, valueAt, withValue } from './calls.ts'
import type { IdField } from './id-fields.ts'
import type { Dump } from './snapshots.ts'
import type { Rule } from './table.ts'
import type { World } from './world.ts'

/** What a caller made of one field: it may, it was refused but learned of the row, or it met nothing. */
export type Verdict = 'may' | 'told' | 'nothing'

/** Calls with the row's name, and with one of no row, and compares answers and what is stored. */
export async function judge(world: World, field: IdField, { rule, caller }: { rule: Rule; caller: string }) {
  const [path, name = ''] = field.split(' ')
  const procedure = listProcedures(world.auth.router as never).find(each => each.path === path)
  if (!procedure) throw new Error(`there is no procedure ${path}`)
  const headers = world.callers[caller] ?? {}
  const input = rule.input(world.ids, caller === 'foreign' ? world.ids.foreign : world.ids.own)
  const before = await world.dump()
  const run = async (sent: Record<string, unknown>) => {
    const told = await call(world.auth, procedure, { headers, input: sent })
    const written = changedModels(before, await world.dump())
    if (written.length > 0) await world.restore(before)
    return { ...told, written }
  }
  const value = rule.unknown ?? 'unknown'
  const unknown = await run(withValue(input, name, value))
  const known = await run(input)
  return { known, unknown, verdict: verdictOf(said(known, valueAt(input, name)), said(unknown, value)) }
}

/** An answer that repeats what was sent says nothing by that. */
function said(outcome: Outcome, sent: unknown): Outcome {
  return typeof sent === 'string' && sent
    ? { ...outcome, text: outcome.text.replaceAll(sent, '(what was sent)') }
    : outcome
}

/** The field of a row of the table, which may say more about it. */
export function fieldOf(row: string): IdField {
  const [path, name] = row.split(' ')
  return `${path} ${name}`
}

interface Outcome extends Told {
  /** Models with other rows than before. */
  written: string[]
}

function changedModels(before: Dump, after: Dump): string[] {
  return Object.keys(before).filter(
    model => before[model] !== after[model] && textOf(model, before) !== textOf(model, after),
  )
}

function verdictOf(known: Outcome, unknown: Outcome): Verdict {
  const isSame = known.status === unknown.status && known.text === unknown.text
  if (isSame && known.written.join() === unknown.written.join()) return 'nothing'
  return known.status < 400 ? 'may' : 'told'
}

/** Without what a key notes about each of its uses. */
function textOf(model: string, dump: Dump): string {
  const isNoted = (name: string) => model === 'apikey' && NOTED.has(name)
  return JSON.stringify(dump[model], (name, value) => (isNoted(name) ? undefined : value))
}

const NOTED = new Set(['lastRequest', 'requestCount', 'updatedAt'])
