import type { ApiKeyRow } from '../../entities/api-key.ts'
import type { Row, Where } from '../../src/adapters/contract.ts'
import type { Kernel } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { apiKeyErrors } from './errors.ts'
import type { KeyConfiguration } from './options.ts'
import { isLive, withCountsOf } from './successor.ts'
import { planUse, type Use } from './use.ts'

export const MODEL = 'apikey'

/** Each turn somebody else has used the key in between, which brings the limit nearer or the window to its beginning. */
const MOST_TURNS = 20

/** Of a key that none has taken the place of: what is counted is counted there. */
export const LAST: Where = { field: 'successorId', value: null }

interface Charge {
  key: ApiKeyRow
  configuration: KeyConfiguration
  /** Whether the use is counted in the window already. */
  isCounted?: boolean
}

/**
 * Uses the key once: counts it in the database, on the condition that the limits still allow it there. However many
 * calls come at once, no more uses are granted than there are.
 * @returns the row as it is now; `null` when it is gone, or has a successor that does not work
 * @throws USAGE_EXCEEDED, RATE_LIMITED
 */
export async function chargeRow(kernel: Kernel, charge: Charge): Promise<ApiKeyRow | null> {
  const { key, configuration } = charge
  let current: ApiKeyRow | null = key
  let isCounted = charge.isCounted ?? false
  for (let turn = 0; current && turn < MOST_TURNS; turn += 1) {
    if (current.successorId) return chargeSuccessor(kernel, { key: current, configuration, isCounted })
    const now = kernel.now()
    const planned = planUse(isCounted ? withoutWindow(current) : current, configuration, now)
    const use = isCounted ? { ...planned, window: 'none' as const } : planned
    const counted = await countWindow(kernel, { key: current, use, now })
    if (counted && use.window !== 'none') isCounted = true
    const charged = counted && (await chargeRemaining(kernel, { key: counted, use, now }))
    if (charged) return charged
    current = await readKey(kernel, key.id)
  }
  if (!current) return null
  throw new AuthError(apiKeyErrors.RATE_LIMITED)
}

/** The key lives on, and is noted as used, whatever is noted of the successor; what limits it is the successor's, and it ends with that one. */
async function chargeSuccessor(kernel: Kernel, { key, ...rest }: Charge): Promise<ApiKeyRow | null> {
  const successor = await readKey(kernel, key.successorId ?? '')
  if (!successor || !isLive(successor, kernel.now())) return null
  const charged = await chargeRow(kernel, { key: successor, ...rest })
  if (!charged) return null
  const now = kernel.now()
  const update = { lastRequest: now, updatedAt: now }
  const where = [{ field: 'id', value: key.id }]
  const noted = asKey(await kernel.adapter.update({ model: MODEL, where, update }))
  return noted && withCountsOf(noted, charged)
}

/** As far as uses in a window go this call is through, whatever others have counted since. */
function withoutWindow(key: ApiKeyRow): ApiKeyRow {
  return { ...key, rateLimitEnabled: false }
}

interface Turn {
  key: ApiKeyRow
  use: Use
  now: Date
}

/** One statement each, which holds on the condition that makes it right. */
async function countWindow({ adapter }: Kernel, { key, use, now }: Turn): Promise<ApiKeyRow | null> {
  const own = [{ field: 'id', value: key.id }, LAST]
  const noted = { ...(use.lastRequest && { lastRequest: use.lastRequest }), updatedAt: now }
  // What is left is written next, and this along with it.
  if (use.window === 'none' && use.charge !== 'none') return key
  if (use.window === 'none') return asKey(await adapter.update({ model: MODEL, where: own, update: noted }))
  const since = new Date(now.getTime() - (key.rateLimitTimeWindow ?? 0))
  if (use.window === 'begin') {
    const where: Where[] = [...own, ...nullOrBefore('lastRequest', since)]
    return asKey(await adapter.update({ model: MODEL, where, update: { ...noted, requestCount: 1 } }))
  }
  const where: Where[] = [...own, { field: 'lastRequest', value: since, operator: 'gte' }]
  const max = key.rateLimitMax ?? 0
  return asKey(await adapter.incrementOne({ model: MODEL, where, field: 'requestCount', max, update: noted }))
}

async function chargeRemaining({ adapter }: Kernel, { key, use, now }: Turn): Promise<ApiKeyRow | null> {
  if (use.charge === 'none') return key
  const own = [{ field: 'id', value: key.id }, LAST]
  const noted = { ...(use.lastRequest && { lastRequest: use.lastRequest }), updatedAt: now }
  if (use.charge === 'spend') {
    const where: Where[] = [...own, { field: 'remaining', value: 0, operator: 'gt' }]
    return asKey(await adapter.incrementOne({ model: MODEL, where, field: 'remaining', by: -1, update: noted }))
  }
  const since = new Date(now.getTime() - (key.refillInterval ?? 0))
  const where: Where[] = [...own, ...nullOrBefore('lastRefillAt', since)]
  const update = { ...noted, remaining: (key.refillAmount ?? 0) - 1, lastRefillAt: now }
  return asKey(await adapter.update({ model: MODEL, where, update }))
}

function nullOrBefore(field: string, date: Date): Where[] {
  return [
    { field, value: null, connector: 'OR' },
    { field, value: date, operator: 'lt', connector: 'OR' },
  ]
}

export async function readKey({ adapter }: Kernel, id: string): Promise<ApiKeyRow | null> {
  return asKey(await adapter.findOne({ model: MODEL, where: [{ field: 'id', value: id }] }))
}

/** A row of our own model. */
export function asKey(row: Row | null): ApiKeyRow | null {
  return row as ApiKeyRow | null
}
