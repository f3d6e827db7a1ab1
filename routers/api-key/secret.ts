import { createHash, randomInt } from 'node:crypto'
import type { KeyConfiguration } from './options.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** A new key of this kind, as its owner is to have it. */
export async function generateKey(configuration: KeyConfiguration, prefix: string | undefined): Promise<string> {
  const { customKeyGenerator, keyLength: length } = configuration
  if (customKeyGenerator) return customKeyGenerator({ length, prefix })
  const letters = Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)])
  return `${prefix ?? ''}${letters.join('')}`
}

/** A key as it is stored: a random one needs no salt, nor a slow hash. */
export function storedForm({ disableKeyHashing }: KeyConfiguration, key: string): string {
  return disableKeyHashing ? key : createHash('sha256').update(key).digest('base64url')
}
