import { randomString } from '../crypto/random.ts'
import type { CompleteStorage } from '../storage/contract.ts'
import type { CodeStore, StoredCode } from './contract.ts'

/**
 * Codes in secondary storage. Each try that is left is a key of its own, which whoever tries takes away: that is atomic
 * wherever `getAndDelete` is.
 */
export function secondaryCodes(storage: CompleteStorage, now: () => Date, identifier: string): CodeStore {
  const key = `verification:${identifier}`
  const tryKey = ({ id }: Pick<StoredCode, 'id'>, index: number) => `${key}:${id}:${index}`
  const secondsTo = (expiresAt: Date) => Math.max(1, Math.ceil((expiresAt.getTime() - now().getTime()) / 1000))
  const put = (code: Omit<StoredCode, 'state'>) =>
    storage.set(key, `${code.id}:${code.expiresAt.getTime()}:${code.value}`, secondsTo(code.expiresAt))

  return {
    create: async ({ value, expiresAt }, tries) => {
      const id = randomString(16)
      for (let index = 0; index < tries; index++) {
        await storage.set(tryKey({ id }, index), '1', secondsTo(expiresAt))
      }
      await put({ id, value, expiresAt })
    },
    find: async () => {
      const state = await storage.get(key)
      const [, id, time, value] = /^([^:]*):(\d+):(.*)$/s.exec(state ?? '') ?? []
      if (!state || id === undefined || value === undefined) return undefined
      return { id, value, expiresAt: new Date(Number(time)), state }
    },
    countTry: async (code, tries) => {
      for (let index = 0; index < tries; index++) {
        if (await storage.getAndDelete(tryKey(code, index))) return 'counted'
      }
      return 'exhausted'
    },
    returnTry: async (code, tries) => {
      // Into a place that is free: a try that is there already would otherwise be returned to no effect.
      for (let index = 0; index < tries; index++) {
        if (await storage.get(tryKey(code, index))) continue
        await storage.set(tryKey(code, index), '1', secondsTo(code.expiresAt))
        return
      }
    },
    consume: async code => {
      const state = await storage.getAndDelete(key)
      // What is left of its tries ends with it: nothing finds them without the code.
      return state?.startsWith(`${code.id}:`) ?? false
    },
    extend: async (code, expiresAt) => void (await put({ ...code, expiresAt })),
  }
}
