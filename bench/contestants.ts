import type { Settings } from './servers/serve.ts'

/** A server that is measured. */
export interface Contestant {
  name: string
  /** Its program in `servers/`. */
  file: string
  settings: Partial<Settings>
}

export const KERNIA = 'Kernia'

export const kernia: Contestant = { name: KERNIA, file: 'kernia.ts', settings: {} }
/** Beside the one with what a case asks for. */
export const kerniaAlone: Contestant = { name: 'Kernia without them', file: 'kernia.ts', settings: { plugins: false } }
export const betterAuth16: Contestant = {
  name: 'Better Auth 1.6.11',
  file: 'better-auth.ts',
  settings: { version: '1.6' },
}
export const betterAuth17: Contestant = {
  name: 'Better Auth 1.7.7',
  file: 'better-auth.ts',
  settings: { version: '1.7' },
}
export const bareExpress: Contestant = { name: 'bare Express', file: 'bare.ts', settings: { front: 'express' } }
export const bareNode: Contestant = { name: 'bare node:http', file: 'bare.ts', settings: { front: 'node' } }
export const bareTrpc: Contestant = { name: 'bare tRPC', file: 'bare.ts', settings: { front: 'trpc' } }

export const frameworks = [kernia, betterAuth16, betterAuth17]
export const limits = [bareExpress, bareNode]
