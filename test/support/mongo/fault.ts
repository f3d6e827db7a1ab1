import type { Doc } from './wire.ts'

const NAMES: Record<number, string> = {
  2: 'BadValue',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  48: 'NamespaceExists',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  112: 'WriteConflict',
  251: 'NoSuchTransaction',
  263: 'OperationNotSupportedInTransaction',
  11000: 'DuplicateKey',
}

/** What a server answers instead of a result. */
export class Fault extends Error {
  readonly code: number
  readonly details: Doc
  constructor(code: number, message: string, details: Doc = {}) {
    super(message)
    this.code = code
    this.details = details
  }

  toReply(): Doc {
    // Whoever gets this label may start the whole transaction again.
    const isTransient = this.code === 112 || this.code === 251
    return {
      ok: 0,
      errmsg: this.message,
      code: this.code,
      codeName: NAMES[this.code],
      ...(isTransient && { errorLabels: ['TransientTransactionError'] }),
      ...this.details,
    }
  }
}

export function writeConflict(): Fault {
  return new Fault(112, 'Caused by :: Write conflict during plan execution and yielding is disabled.')
}

/** Somebody's open transaction has written what is to be written now; a write outside transactions waits for it. */
export class Blocked extends Error {}
