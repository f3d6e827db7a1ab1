import type { Verification } from '../../entities/index.ts'
import type { Row } from '../adapters/contract.ts'
import type { Kernel } from '../context.ts'
import type { CodeStore, StoredCode } from './contract.ts'

const model = 'verification'

/** Only as many changes can come between as there are tries; beyond so many something is wrong. */
const ATTEMPTS = 100

/** Codes as rows of `verification`, whose value begins with the number of tries so far. */
export function databaseCodes({ adapter, now, newId }: Kernel, identifier: string): CodeStore {
  const ofPlace = [{ field: 'identifier', value: identifier }]

  /** Changes the number of tries of a row that nobody else has changed meanwhile; starts anew where somebody has. */
  const change = async (code: StoredCode, next: (tries: number) => number | undefined) => {
    let state: string | undefined = code.state
    for (let attempt = 0; attempt < ATTEMPTS && state !== undefined; attempt++) {
      const [tries, value]: [number, string] = split(state)
      const after = next(tries)
      if (after === undefined) return 'exhausted'
      const where = [
        { field: 'id', value: code.id },
        { field: 'value', value: state },
      ]
      const update = { value: `${after}:${value}`, updatedAt: now() }
      if ((await adapter.updateMany({ model, where, update })) === 1) return 'counted'
      state = (await adapter.findOne({ model, where: where.slice(0, 1) }))?.value as string | undefined
    }
    return 'gone'
  }

  return {
    create: async ({ value, expiresAt }) => {
      await adapter.deleteMany({ model, where: ofPlace })
      const at = now()
      const row = { identifier, value: `0:${value}`, expiresAt, createdAt: at, updatedAt: at }
      await adapter.create({ model, data: { ...row, id: newId(model) } as Row })
    },
    find: async () => {
      const sortBy = { field: 'createdAt', direction: 'desc' } as const
      const [row] = await adapter.findMany({ model, where: ofPlace, sortBy, limit: 1 })
      if (!row) return undefined
      const { id, value: state, expiresAt } = row as unknown as Verification
      return { id, value: split(state)[1], expiresAt, state }
    },
    countTry: (code, most) => change(code, tries => (tries < most ? tries + 1 : undefined)),
    returnTry: async code => void (await change(code, tries => Math.max(0, tries - 1))),
    consume: async ({ id }) => (await adapter.consumeOne({ model, where: [{ field: 'id', value: id }] })) !== null,
    extend: async ({ id }, expiresAt) => {
      await adapter.updateMany({ model, where: [{ field: 'id', value: id }], update: { expiresAt, updatedAt: now() } })
    },
  }
}

function split(state: string): [tries: number, value: string] {
  const at = state.indexOf(':')
  return [Number(state.slice(0, at)), state.slice(at + 1)]
}
