import type { Kernel } from '../../src/context.ts'
import { createRow, deleteRows, readRows } from './key-table.ts'
import type { JwtSettings } from './options.ts'
import { currentKey, isKeyDue, nextKey, publishedKeys, usedFrom } from './rotation.ts'
import { generateKey, openKey, type SigningKey } from './signing-key.ts'

/** The keys of each instance that the plugin is part of. They are kept for a while, so that signing asks no database. */
export interface KeyStore {
  /** The key that signs now, made if there is none. */
  current(kernel: Kernel): Promise<SigningKey>
  /** The keys that verify. */
  published(kernel: Kernel): Promise<SigningKey[]>
  /** Makes the next key, unless it is there already. */
  rotate(kernel: Kernel): Promise<{ key: SigningKey; usedFrom: Date }>
}

interface Known {
  keys?: readonly SigningKey[]
  readAt: number
  /** Calls at the same time share one reading, and make one key. */
  pending?: Promise<readonly SigningKey[]>
}

const MOST_ATTEMPTS = 5

export function createKeyStore(settings: JwtSettings): KeyStore {
  const instances = new WeakMap<Kernel, Known>()
  const keysOf = async (kernel: Kernel): Promise<readonly SigningKey[]> => {
    const known = instances.get(kernel) ?? { readAt: 0 }
    instances.set(kernel, known)
    const now = kernel.now().getTime()
    const isRecent = now >= known.readAt && now < known.readAt + settings.readEvery * 1000
    if (known.keys && isRecent && !isKeyDue(known.keys, kernel.now(), settings)) return known.keys
    known.pending ??= completeKeys(kernel, settings).finally(() => {
      known.pending = undefined
    })
    known.keys = await known.pending
    known.readAt = now
    return known.keys
  }
  return {
    current: async kernel => {
      const key = currentKey(await keysOf(kernel), kernel.now(), settings)
      if (!key) throw new Error('jwt: no key could be made')
      return key
    },
    published: async kernel => publishedKeys(await keysOf(kernel), kernel.now(), settings),
    rotate: async kernel => {
      instances.delete(kernel)
      const keys = await readKeys(kernel, settings)
      if (!nextKey(keys, kernel.now(), settings)) await createKey(kernel, settings, keys)
      const made = await keysOf(kernel)
      const next = nextKey(made, kernel.now(), settings)
      const key = next ?? currentKey(made, kernel.now(), settings)
      if (!key) throw new Error('jwt: no key could be made')
      return { key, usedFrom: next ? usedFrom(next, settings) : key.createdAt }
    },
  }
}

/** The stored keys, with a new one where one is due. */
async function completeKeys(kernel: Kernel, settings: JwtSettings): Promise<readonly SigningKey[]> {
  for (let attempt = 0; ; attempt++) {
    const keys = await readKeys(kernel, settings)
    if (attempt === MOST_ATTEMPTS || !isKeyDue(keys, kernel.now(), settings)) return keys
    await createKey(kernel, settings, keys)
  }
}

/** Oldest first. */
async function readKeys(kernel: Kernel, { keyPair, options }: JwtSettings): Promise<SigningKey[]> {
  const rows = await readRows(kernel, options.adapter ?? {})
  const keys = rows.flatMap(row => openKey(kernel, row, keyPair.alg) ?? [])
  if (keys.some(({ privateJwk }) => !privateJwk)) {
    kernel.warnOnce('jwt: a private key cannot be opened with the secret; it verifies only, and another one signs')
  }
  return keys.sort((a, b) => a.generation - b.generation || a.createdAt.getTime() - b.createdAt.getTime())
}

/** Makes the key that follows on `keys`, unless somebody else does; what verifies no more is deleted. */
async function createKey(kernel: Kernel, settings: JwtSettings, keys: readonly SigningKey[]): Promise<void> {
  const { options, keyPair, interval } = settings
  const table = options.adapter ?? {}
  const isPlain = options.jwks?.disablePrivateKeyEncryption === true
  const pair = await generateKey(kernel, keyPair, isPlain)
  const createdAt = kernel.now()
  await createRow(kernel, table, {
    ...pair,
    createdAt,
    expiresAt: interval === undefined ? null : new Date(createdAt.getTime() + interval * 1000),
    generation: Math.max(0, ...keys.map(({ generation }) => generation)) + 1,
  })
  const published = new Set(publishedKeys(keys, createdAt, settings))
  const over = keys.filter(key => !published.has(key)).map(({ id }) => id)
  await deleteRows(kernel, table, over)
}
