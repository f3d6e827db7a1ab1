import fc from 'fast-check'
import { signValue } from '../../src/cookies.ts'
import { inputShape, type ProcedureRecord, restRoutes } from '../../src/meta.ts'
import { ann, secret } from '../support/test-auth.ts'
import { seeded } from './seed.ts'
import { BASE, type Call } from './ways.ts'

/** Four times out of five something that should work. */
function mostly<T>(good: T[], bad: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) })
}

const text = fc.string({ unit: 'grapheme', maxLength: 60 })
const addresses = mostly(
  ['/home', '/a?b=c&d=%20', '', `${BASE}/x`, 'https://app.example/y'],
  ['https://evil.example', '//evil.example', '/\\evil', 'javascript:alert(1)'],
)
const emails = mostly(
  [ann.email, 'careful@example.com', 'new@example.com', 'ANN@Example.COM', 'ann＠example.com'],
  ['nobody', '', ' ann@example.com'],
)
const passwords = mostly(
  [ann.password, ann.password, 'another long password', 'pässwörd lang genug'],
  ['short', '', 'x'.repeat(129), 'x'.repeat(5000)],
)
const tokens = fc.constantFrom(...Object.values(seeded), 'unknown', 'x'.repeat(600))

/** Values that a key of an input may have, by its name; mostly good ones. */
const BY_KEY: Record<string, fc.Arbitrary<unknown>> = {
  email: emails,
  newEmail: emails,
  password: passwords,
  currentPassword: passwords,
  newPassword: passwords,
  token: fc.oneof(fc.constant(seeded.resetToken), tokens),
  userId: fc.oneof(fc.constant(seeded.careful), tokens),
  code: fc.constantFrom('123456', '000000'),
  callbackURL: addresses,
  redirectTo: addresses,
  country: fc.constantFrom('NL', 'BE'),
  age: fc.integer(),
  born: fc.constantFrom('1990-01-02T00:00:00.000Z', '1990-01-02', 0, 'never'),
  tags: fc.array(text, { maxLength: 3 }),
}

function valuesOf(procedure: ProcedureRecord, key: string): fc.Arbitrary<unknown> {
  const known = BY_KEY[key]
  if (known) return known
  const schema = inputShape(procedure.input)[key]
  return schema?.safeParse(true).success ? fc.boolean() : text
}

const nested = (depth: number): unknown => (depth === 0 ? null : [nested(depth - 1)])

/** Values that are wrong nearly everywhere. */
const garbage: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1e300,
    true,
    [],
    {},
    [[]],
    '\u0000',
    '\ud800',
    '__proto__',
    '[object Object]',
  ),
  fc.constantFrom<unknown>({ $ne: null }, { $gt: '' }, [{ $regex: '.*' }], { toString: 1 }, nested(40)),
  fc.constantFrom('{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{}}}').map(json => JSON.parse(json)),
  fc.constantFrom('x'.repeat(70_000), '👩‍🚀'.repeat(9000), 'ß'.repeat(300), '\u202eabc', 'ＡＢＣ'),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 100 }),
)

const foreignKeys = fc.constantFrom(
  'id',
  'userId',
  'emailVerified',
  'rank',
  'createdAt',
  'role',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '',
  'a.b',
  '$where',
  'email_address',
)

type Edit = (input: Record<string, unknown>) => Record<string, unknown>

function set(key: string, value: unknown): Edit {
  // An assignment would set the prototype instead of the key.
  return input => Object.fromEntries([...Object.entries(input).filter(([name]) => name !== key), [key, value]])
}

function without(key: string): Edit {
  return input => Object.fromEntries(Object.entries(input).filter(([name]) => name !== key))
}

function respell(key: string): Edit {
  const snake = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return input => Object.fromEntries(Object.entries(input).map(([name, value]) => [name === key ? snake : name, value]))
}

function edits(keys: readonly string[]): fc.Arbitrary<Edit> {
  const foreign = fc.tuple(foreignKeys, garbage).map(([key, value]) => set(key, value))
  if (keys.length === 0) return foreign
  const key = fc.constantFrom(...keys)
  const wrong = fc.tuple(key, garbage).map(([name, value]) => set(name, value))
  return fc.oneof(wrong, key.map(without), key.map(respell), foreign)
}

/** An input of the right form, with up to three things wrong with it; or anything at all. */
function inputs(procedure: ProcedureRecord): fc.Arbitrary<string | undefined> {
  const keys = Object.keys(inputShape(procedure.input))
  const requiredKeys = keys.filter(key => !inputShape(procedure.input)[key]?.safeParse(undefined).success)
  const values = Object.fromEntries(keys.map(key => [key, valuesOf(procedure, key)]))
  const good = fc.record(values, { requiredKeys })
  const edited = fc
    .tuple(good, fc.array(edits(keys), { maxLength: 3 }))
    .map(([input, changes]) =>
      changes.reduce<Record<string, unknown>>((changed, change) => change(changed), input as Record<string, unknown>),
    )
  const json = (value: unknown) => JSON.stringify(value)
  return fc.oneof(
    { weight: 5, arbitrary: good.map(json) },
    { weight: 5, arbitrary: edited.map(json) },
    { weight: 1, arbitrary: garbage.map(json) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

type Given = Pick<Call, 'input' | 'query'>

/** The input of a GET: texts, and what they mean by the types that the schema declares. */
function queries(procedure: ProcedureRecord): fc.Arbitrary<Given> {
  const shape = inputShape(procedure.input)
  const inPath = [...(restRoutes(procedure.meta)[0]?.path ?? '').matchAll(/:(\w+)/g)].map(match => match[1] ?? '')
  const isBoolean = (key: string) => Object.hasOwn(shape, key) && Boolean(shape[key]?.safeParse(true).success)
  const values = Object.keys(shape).map((key): [string, fc.Arbitrary<string>] => {
    if (inPath.includes(key)) return [key, fc.oneof(tokens, text).filter(isSegment)]
    if (isBoolean(key)) return [key, fc.constantFrom('true', 'false', '', '0', '1', 'yes')]
    return [key, key === 'token' ? fc.oneof(tokens, text) : fc.oneof(addresses, text)]
  })
  const known = fc.record(Object.fromEntries(values), { requiredKeys: inPath })
  const extra = fc.dictionary(
    fc.constantFrom('x', 'disable_refresh', '__proto__', 'constructor', 'callback_url'),
    text,
    { maxKeys: 1 },
  )
  return fc.tuple(known, extra).map(([declared, more]) => {
    const query = Object.fromEntries([...Object.entries(declared as Record<string, string>), ...Object.entries(more)])
    const meaning = Object.entries(query).map(([key, value]) => [
      key,
      isBoolean(key) ? !['', '0', 'false'].includes(value) : value,
    ])
    const isAbsent = meaning.length === 0 && Object.keys(shape).length === 0
    return { query, input: isAbsent ? undefined : JSON.stringify(Object.fromEntries(meaning)) }
  })
}

// A path has no empty segments, and those of dots mean other paths.
function isSegment(value: string): boolean {
  return value !== '' && value !== '.' && value !== '..'
}

const cookie = (token: string) => `better-auth.session_token=${encodeURIComponent(signValue(token, secret))}`
const notRemembered = `better-auth.dont_remember=${encodeURIComponent(signValue('true', secret))}`

const cookies = mostly<string | undefined>(
  [cookie(seeded.annToken), cookie(seeded.annToken), cookie(seeded.carefulToken), undefined],
  [
    cookie(seeded.expiredToken),
    cookie('unknown'),
    `${cookie(seeded.shortToken)}; ${notRemembered}`,
    `better-auth.session_token=${seeded.annToken}.forged`,
    'better-auth.session_token=%E0%A4%A',
  ],
)

const ownOrigins: Record<string, string>[] = [
  { origin: BASE },
  { origin: 'https://app.example' },
  { referer: `${BASE}/page` },
  { origin: BASE, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
]
const origins = mostly<Record<string, string>>(ownOrigins, [
  {},
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
])

const headersFrom = (from: fc.Arbitrary<Record<string, string>>) =>
  fc.tuple(cookies, from).map(([cookie, origin]) => ({
    ...origin,
    ...(cookie && { cookie }),
    'user-agent': 'property',
    'x-client-address': '203.0.113.7',
  }))
const headers = headersFrom(origins)
// A link in a mail writes and is a GET, which REST takes from anywhere; tRPC has it as a POST, which it does not.
const ownHeaders = headersFrom(fc.constantFrom(...ownOrigins))

/** Calls of one procedure: good and bad, by people and by browsers of all kinds. */
export function calls(procedure: ProcedureRecord): fc.Arbitrary<Call> {
  const isGet = restRoutes(procedure.meta)[0]?.method === 'GET'
  const given: fc.Arbitrary<Given> = isGet ? queries(procedure) : inputs(procedure).map(input => ({ input }))
  const isMailedLink = isGet && procedure.type === 'mutation'
  return fc.tuple(given, isMailedLink ? ownHeaders : headers).map(([input, sent]) => ({ headers: sent, ...input }))
}
