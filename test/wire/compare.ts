import type { StepRecord } from './record.ts'
import type { CookieRecord } from './set-cookie.ts'

/** One thing that is not the same on the two servers. */
export interface Difference {
  step: string
  /** status, header:<name>, cookies.<name>, cookies:order, body.<path>, body:order, mail, client. */
  field: string
  official: string
  ours: string
}

export const absent = '(absent)'

export interface Comparison {
  compared: string[]
  /** Steps that only one of the servers got to. */
  notRun: string[]
  differences: Difference[]
}

/** Compares two recordings of the same steps. */
export function compareRuns(official: Map<string, StepRecord>, ours: Map<string, StepRecord>): Comparison {
  const comparison: Comparison = { compared: [], notRun: [], differences: [] }
  for (const step of new Set([...official.keys(), ...ours.keys()])) {
    const left = official.get(step)
    const right = ours.get(step)
    if (left && right) {
      comparison.compared.push(step)
      comparison.differences.push(...compareStep(step, left, right))
    } else comparison.notRun.push(step)
  }
  return comparison
}

/** Lists what differs between two recordings of one step. */
export function compareStep(step: string, official: StepRecord, ours: StepRecord): Difference[] {
  const found: Difference[] = []
  const report: Report = (field, left, right) => found.push({ step, field, official: show(left), ours: show(right) })
  compareValues('status', official.status, ours.status, report)
  for (const name of union(official.headers, ours.headers))
    compareValues(`header:${name}`, official.headers[name], ours.headers[name], report)
  compareCookies(official, ours, report)
  compareValues('body', official.body, ours.body, report)
  compareValues('mail', official.mail, ours.mail, report)
  compareValues('client', official.client, ours.client, report)
  return found
}

type Report = (field: string, official: unknown, ours: unknown) => void

function compareValues(field: string, left: unknown, right: unknown, report: Report): void {
  if (!isNode(left) || !isNode(right) || Array.isArray(left) !== Array.isArray(right)) {
    if (left !== right) report(field, left, right)
    return
  }
  for (const key of union(left, right)) compareValues(`${field}.${key}`, left[key], right[key], report)
  const common = (node: Node, other: Node) => Object.keys(node).filter(key => key in other)
  const order = common(left, right)
  const otherOrder = common(right, left)
  if (order.join() !== otherOrder.join()) report(`${field}:order`, order.join(' '), otherOrder.join(' '))
}

// Cookies are looked up by name. Of several lines of one name the last counts, as in a browser: it is compared under the
// name itself, those before it under the name and their number from the end. The order of names is a field of its own.
function compareCookies(official: StepRecord, ours: StepRecord, report: Report): void {
  const [left, right] = [byName(official), byName(ours)]
  const lines = (cookies: Record<string, CookieRecord>) =>
    Object.fromEntries(Object.entries(cookies).map(([name, { line }]) => [name, line]))
  compareValues('cookies', lines(left), lines(right), report)
  for (const [name, { content }] of Object.entries(left)) {
    const other = right[name]?.content
    if (content && other) compareValues(`cookies.${name}.content`, content, other, report)
  }
}

function byName(record: StepRecord): Record<string, CookieRecord> {
  const named: [string, CookieRecord][] = []
  for (const cookie of record.cookies.toReversed()) {
    let key = cookie.name
    for (let count = 2; named.some(([known]) => known === key); count += 1) key = `${cookie.name}#${count}`
    named.unshift([key, cookie])
  }
  return Object.fromEntries(named)
}

type Node = Record<string, unknown>

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object'
}

function union(left: Node, right: Node): string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
}

function show(value: unknown): string {
  if (value === undefined) return absent
  if (value === '') return '(empty)'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
