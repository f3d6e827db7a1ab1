import { styleText } from 'node:util'
import type { AcceptedRow, Verdict } from './accepted.ts'
import type { Comparison, Difference } from './compare.ts'

export interface Outcome {
  comparison: Comparison
  verdict: Verdict
  /** Scenarios that did not reach their end, and why. */
  failures: string[]
  /** Scenarios for options that are not there yet. */
  pending: string[]
  /** Endpoints that no step reached, and their codes that none brought about. */
  untold: string[]
}

/** Prints what the check found; true when nothing is wrong. */
export function printReport({ comparison, verdict, failures, pending, untold }: Outcome, rows: AcceptedRow[]): boolean {
  const { compared, notRun, differences } = comparison
  console.log(
    `\n${compared.length + notRun.length} steps, ${compared.length} compared, ${differences.length} differences`,
  )
  for (const row of rows) {
    const matched = verdict.listed.get(row.id)?.length ?? 0
    if (matched) console.log(`  listed: ${row.id} (${matched})`)
  }
  printList('Differences that docs/compatibility.md does not list', groupByStep(verdict.unlisted))
  printList('Rows of docs/compatibility.md that match no difference any more', verdict.stale)
  printList('Scenarios that broke off', failures)
  printList('Steps that were not run on both servers', notRun)
  printList('Endpoints and codes that no step brings about', untold)
  printList('Scenarios not told, for lack of an option', pending)
  const failed = new Set(verdict.unlisted.map(difference => difference.step)).size
  console.log(
    `\n${compared.length - failed} passed, ${failed + failures.length + verdict.stale.length + notRun.length + untold.length} failed, ${pending.length} skipped`,
  )
  return failed + notRun.length + failures.length + verdict.stale.length + untold.length === 0
}

function printList(title: string, lines: string[]): void {
  if (lines.length) console.log(`\n${styleText('bold', title)}\n${lines.map(line => `  ${line}`).join('\n')}`)
}

function groupByStep(differences: Difference[]): string[] {
  const lines: string[] = []
  let last: string | undefined
  for (const { step, field, official, ours } of differences) {
    if (step !== last) lines.push(styleText('yellow', step))
    lines.push(`  ${field}`, `    official  ${official}`, `    ours      ${ours}`)
    last = step
  }
  return lines
}
