import { verifySignedValue } from '../../src/cookies.ts'
import type { ProcedureRecord } from '../../src/meta.ts'
import { secret } from '../support/test-auth.ts'
import { seeded } from './seed.ts'
import type { Answer, Call, Way } from './ways.ts'

/** All that a call did: what it answered, and what it left in the database, in the mail and in the log. */
export interface Outcome extends Answer {
  rows: Record<string, unknown>
  mails: unknown
  log: string[]
}

const MODELS = ['user', 'account', 'session', 'verification']

/** Makes the call, and tells what came of it, with random values named in the order in which they appear. */
export async function outcomeOf(way: Way, procedure: ProcedureRecord, request: Call): Promise<Outcome> {
  const { instance } = way
  const answer = await way.call(procedure, request)
  // A task may begin another one.
  while (instance.background.length > 0) await Promise.all(instance.background.splice(0))
  const { adapter } = instance.auth.context
  const rows: Record<string, unknown> = {}
  for (const model of MODELS) rows[model] = await adapter.findMany({ model, where: [] })
  const log = instance.log.map(({ message, details }) => `${message}: ${details.map(String).join(' ')}`)
  const mails = [...instance.inbox.mails, ...instance.links.mails]
  const whole = { ...answer, cookies: answer.cookies.map(readCookie), rows, mails, log }
  // Dates are text on the wire, and absent what is undefined.
  return nameRandoms(JSON.parse(JSON.stringify(whole))) as Outcome
}

/** The value that is signed, in the place of the signed value, if the signature holds. */
function readCookie(header: string): string {
  const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*)(.*)$/.exec(header) ?? []
  if (value === '') return header
  const signed = verifySignedValue(decodeURIComponent(value), secret)
  return `${name}=${signed === undefined ? `unsigned ${value}` : `signed ${signed}`}${attributes}`
}

// Ids and session tokens are 32 characters, reset tokens 24, their hashes 43; password hashes have a salt.
const RANDOM =
  /\$argon2id\$[\w$=,+/]+|(?<![A-Za-z0-9_-])(?:[A-Za-z0-9_-]{43}|[A-Za-z0-9]{32}|[A-Za-z0-9]{24})(?![A-Za-z0-9_-])/g

// The token of a mailed link is random as far as the ids in it are.
const TOKEN = /eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g
const readToken = (_token: string, claims: string) => Buffer.from(claims, 'base64url').toString('utf8')

function nameRandoms(value: unknown): unknown {
  const known = new Set<string>(Object.values(seeded))
  const names = new Map<string, string>()
  const rename = (text: string) =>
    text.replace(TOKEN, readToken).replace(RANDOM, random => {
      if (known.has(random)) return random
      const name = names.get(random) ?? `<random ${names.size + 1}>`
      names.set(random, name)
      return name
    })
  const walk = (node: unknown): unknown => {
    if (typeof node === 'string') return rename(node)
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([key, member]) => [key, walk(member)]))
  }
  return walk(value)
}
