import type { TwoFactor } from '../../entities/two-factor.ts'
import type { AuthContext, RequestContext } from '../../src/context.ts'
import { equalInConstantTime, sha256 } from '../../src/crypto/hmac.ts'
import { randomString } from '../../src/crypto/random.ts'
import type { TwoFactorSettings } from './options.ts'
import { findTwoFactor } from './store.ts'

type BackupCodeSettings = TwoFactorSettings['backupCodes']

const MODEL = 'twoFactor'
const PURPOSE = 'two-factor-backup-codes'

/** New codes, as the user is to keep them. */
export function newBackupCodes({ generate, amount, length }: BackupCodeSettings): string[] {
  if (generate) return generate()
  return Array.from({ length: amount }, () => {
    const code = randomString(length)
    return `${code.slice(0, 5)}-${code.slice(5)}`
  })
}

/** What is stored of codes. The list is sealed in any case, hashed or not, so that a copy of the database is no help. */
export async function encodeBackupCodes(
  context: RequestContext,
  codes: readonly string[],
  settings: BackupCodeSettings,
): Promise<string> {
  return sealList(context, settings.store === 'hashed' ? codes.map(sha256) : codes, settings)
}

/** The codes that are left; `undefined` where they cannot be shown. */
export async function readBackupCodes(
  context: RequestContext,
  { backupCodes }: TwoFactor,
  settings: BackupCodeSettings,
): Promise<string[] | undefined> {
  return settings.store === 'hashed' ? undefined : openList(context, backupCodes, settings)
}

/**
 * Uses a code up. Of any number of calls with the same code exactly one is told that it was right.
 * @returns how many are left; `undefined` for a wrong code
 */
export async function spendBackupCode(
  auth: AuthContext,
  row: TwoFactor,
  { code, settings }: { code: string; settings: BackupCodeSettings },
): Promise<number | undefined> {
  const expected = settings.store === 'hashed' ? sha256(code) : code
  let current: TwoFactor | null = row
  while (current) {
    const stored: string[] = await openList(auth, current.backupCodes, settings)
    const left = stored.filter(each => !equalInConstantTime(each, expected))
    if (left.length === stored.length) return undefined
    if (await replace(auth, current, await sealList(auth, left, settings))) return left.length
    // Another code was used, or new ones were made, since this list was read.
    current = await findTwoFactor(auth, row.userId)
  }
  return undefined
}

async function replace({ kernel }: AuthContext, { id, backupCodes }: TwoFactor, update: string): Promise<boolean> {
  const where = [
    { field: 'id', value: id },
    { field: 'backupCodes', value: backupCodes },
  ]
  return (await kernel.adapter.updateMany({ model: MODEL, where, update: { backupCodes: update } })) > 0
}

async function sealList({ kernel }: RequestContext, list: readonly string[], { store }: BackupCodeSettings) {
  const text = JSON.stringify(list)
  return typeof store === 'object' ? store.encrypt(text) : kernel.keys.seal(PURPOSE, text)
}

async function openList({ kernel }: RequestContext, stored: string, { store }: BackupCodeSettings): Promise<string[]> {
  const text = typeof store === 'object' ? await store.decrypt(stored) : kernel.keys.open(PURPOSE, stored)
  return text === undefined ? [] : (JSON.parse(text) as string[])
}
