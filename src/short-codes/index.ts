import type { RequestContext } from '../context.ts'
import { identifierOf } from '../verifications.ts'
import type { CodePlace, CodeStore } from './contract.ts'
import { databaseCodes } from './database.ts'
import { secondaryCodes } from './secondary.ts'

export type { CodePlace } from './contract.ts'

/**
 * Codes that are short enough to be guessed. So tries at them are counted, before they are judged: of any number of
 * concurrent tries no more are judged than are allowed.
 */
export interface ShortCode extends CodePlace {
  /** So many tries end the code, wrong or right. */
  tries: number
}

/** What a try came to. A right code is still there until it is consumed. */
export type CodeTry = 'unknown' | 'expired' | 'exhausted' | 'wrong' | RightCode

export interface RightCode {
  /** Uses the code up: of any number of concurrent calls exactly one is told `true`. Not for use in a transaction. */
  consume(): Promise<boolean>
  /** The code was only looked at: the try does not count. */
  returnTry(): Promise<void>
}

function storeOf(context: RequestContext, { purpose, subject }: CodePlace): CodeStore {
  const { kernel } = context
  const identifier = identifierOf(context, { purpose, secret: subject })
  const { verificationStorage } = kernel
  return verificationStorage
    ? secondaryCodes(verificationStorage, kernel.now, identifier)
    : databaseCodes(kernel, identifier)
}

/** @param code in the form it is to be stored, and its life in seconds */
export async function createCode(
  context: RequestContext,
  place: ShortCode,
  { value, expiresIn }: { value: string; expiresIn: number },
): Promise<void> {
  const expiresAt = new Date(context.kernel.now().getTime() + expiresIn * 1000)
  await storeOf(context, place).create({ value, expiresAt }, place.tries)
}

/** The code as it is stored; `undefined` when there is none, or it has expired. */
export async function readCode(context: RequestContext, place: ShortCode): Promise<string | undefined> {
  const found = await storeOf(context, place).find()
  return found && found.expiresAt > context.kernel.now() ? found.value : undefined
}

/**
 * Gives a code that is alive a new life.
 * @returns the code as it is stored; `undefined` when there is none
 */
export async function extendCode(
  context: RequestContext,
  place: ShortCode,
  expiresIn: number,
): Promise<string | undefined> {
  const { kernel } = context
  const store = storeOf(context, place)
  const found = await store.find()
  if (!found || found.expiresAt <= kernel.now()) return undefined
  await store.extend(found, new Date(kernel.now().getTime() + expiresIn * 1000))
  return found.value
}

/** @param isRight whether what was entered is the stored code; compare in constant time */
export async function tryCode(
  context: RequestContext,
  place: ShortCode,
  isRight: (value: string) => Promise<boolean> | boolean,
): Promise<CodeTry> {
  const store = storeOf(context, place)
  const found = await store.find()
  if (!found) return 'unknown'
  if (found.expiresAt <= context.kernel.now()) {
    await store.consume(found)
    return 'expired'
  }
  const counted = await store.countTry(found, place.tries)
  // It stays until it expires: removing it here could snatch it from a right try that was counted just before.
  if (counted === 'exhausted') return 'exhausted'
  if (counted === 'gone') return 'unknown'
  if (!(await isRight(found.value))) return 'wrong'
  return { consume: () => store.consume(found), returnTry: () => store.returnTry(found, place.tries) }
}
