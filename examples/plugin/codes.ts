import { createHash, randomBytes } from 'node:crypto'
import { AuthError, type Kernel } from '../../src/index.ts'
import { inviteCodeErrors } from './errors.ts'

const model = 'inviteCode'

/**
 * Makes a code and tells it, once.
 * @throws TOO_MANY_INVITE_CODES
 */
export function createCode({ adapter, unitOfWork, ...kernel }: Kernel, ownerId: string, most: number) {
  const code = randomBytes(16).toString('base64url')
  return unitOfWork.run(async () => {
    // Calls that come at once count one after the other.
    await adapter.lock({ model: 'user', where: [{ field: 'id', value: ownerId }] })
    const open = await adapter.count({ model, where: [{ field: 'ownerId', value: ownerId }] })
    if (open >= most) throw new AuthError(inviteCodeErrors.TOO_MANY_INVITE_CODES)
    const data = { id: kernel.newId(model), hash: hashOf(code), ownerId, createdAt: kernel.now() }
    const { id } = await adapter.create({ model, data })
    return { id: String(id), code }
  })
}

/**
 * Uses a code up. Reading it is deleting it, so that it works once however many ask at the same time.
 * @throws INVALID_INVITE_CODE
 */
export async function redeemCode({ adapter }: Kernel, code: string): Promise<void> {
  const used = await adapter.consumeOne({ model, where: [{ field: 'hash', value: hashOf(code) }] })
  if (!used) throw new AuthError(inviteCodeErrors.INVALID_INVITE_CODE)
}

/**
 * Takes one of the owner's codes back. A code of somebody else is answered like one that does not exist.
 * @throws INVITE_CODE_NOT_FOUND
 */
export async function revokeCode({ adapter }: Kernel, { id, ownerId }: { id: string; ownerId: string }): Promise<void> {
  const where = [
    { field: 'id', value: id },
    { field: 'ownerId', value: ownerId },
  ]
  if (!(await adapter.consumeOne({ model, where }))) throw new AuthError(inviteCodeErrors.INVITE_CODE_NOT_FOUND)
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('base64url')
}
