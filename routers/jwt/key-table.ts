import type { Jwks } from '../../entities/jwt.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import type { Kernel } from '../../src/context.ts'
import { hookContextOf } from '../../src/hook-context.ts'
import type { HookContext } from '../../src/options/hooks.ts'

/** A key as an application stores it that keeps keys elsewhere than in the database. */
export interface StoredJwk {
  id: string
  publicKey: string
  privateKey: string
  createdAt: Date
  expiresAt?: Date | null
}

/** Takes the place of the table. That two processes do not make two keys at once is then the application's affair. */
export interface JwksAdapter {
  getJwks?(context: HookContext | undefined): Promise<StoredJwk[] | null | undefined>
  createJwk?(data: Omit<StoredJwk, 'id'>, context: HookContext | undefined): Promise<StoredJwk>
}

/** More than are ever there: those that verify no more are deleted. */
const MOST_KEYS = 100

export async function readRows(kernel: Kernel, { getJwks }: JwksAdapter): Promise<Jwks[]> {
  if (getJwks) return (await getJwks(contextOf(kernel))) ?? []
  const sortBy = { field: 'createdAt', direction: 'desc' } as const
  const rows: unknown[] = await kernel.adapter.findMany({ model: 'jwks', where: [], sortBy, limit: MOST_KEYS })
  return rows as Jwks[]
}

/** Stores a key, unless somebody else has stored one of its number. */
export async function createRow(
  kernel: Kernel,
  { createJwk }: JwksAdapter,
  { generation, ...row }: Omit<Jwks, 'id'>,
): Promise<void> {
  if (createJwk) {
    await createJwk(row, contextOf(kernel))
    return
  }
  try {
    await kernel.adapter.create({ model: 'jwks', data: { id: kernel.newId('jwks'), ...row, generation } })
  } catch (error) {
    if (!(error instanceof UniqueViolation) || error.model !== 'jwks') throw error
  }
}

export async function deleteRows(kernel: Kernel, { getJwks }: JwksAdapter, ids: readonly string[]): Promise<void> {
  if (getJwks || ids.length === 0) return
  await kernel.adapter.deleteMany({ model: 'jwks', where: [{ field: 'id', operator: 'in', value: ids }] })
}

function contextOf(kernel: Kernel): HookContext | undefined {
  const call = kernel.currentCall.get()
  return call && hookContextOf(call)
}
