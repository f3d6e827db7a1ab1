import { expect, it } from 'vitest'
import { CORE_MODELS, outputSchema, resolveFullSchema, type Session, type User } from '../../entities/index.ts'
import { compactFormat } from '../../src/cookie-cache/compact.ts'
import { createCookieCache } from '../../src/cookie-cache/index.ts'
import { rememberRead } from '../../src/cookie-cache/remembered.ts'
import { resolveCookieCache } from '../../src/options/cookie-cache.ts'
import { secret } from '../support/test-auth.ts'

const payload = (name: string) => ({ session: {}, user: { name }, updatedAt: 1, version: '1' })
const life = { now: new Date(), seconds: 60 }

/** The form of the cookie, which counts how often a cookie is taken apart. */
function countingFormat() {
  const { write, read } = compactFormat([secret])
  const texts: string[] = []
  const counting = {
    write,
    read: (text: string) => {
      texts.push(text)
      return read(text)
    },
  }
  const cookieOf = (name: string) => String(write(payload(name), life))
  return { format: rememberRead(counting), texts, cookieOf }
}

it('a cookie that comes again is not taken apart again', () => {
  const { format, texts, cookieOf } = countingFormat()
  const cookie = cookieOf('Ann')
  const first = format.read(cookie)
  expect(first?.payload.user).toEqual({ name: 'Ann' })
  expect(format.read(cookie)).toEqual(first)
  expect(texts).toEqual([cookie])
})

it('one that is not ours is looked at each time, and another is not taken for it', () => {
  const { format, texts, cookieOf } = countingFormat()
  const cookie = cookieOf('Ann')
  const forged = String(compactFormat(['of somebody else']).write(payload('Ann'), life))
  format.read(cookie)
  expect([format.read(forged), format.read(forged)]).toEqual([undefined, undefined])
  expect(texts).toEqual([cookie, forged, forged])
})

it('a cookie has one form: what says the same in another is not ours', () => {
  const { format, cookieOf } = countingFormat()
  const json = Buffer.from(cookieOf('Ann'), 'base64url').toString()
  const others = [json.replace('{', '{ '), json.replace(/}$/, ',"more":1}'), json.replace('{', '{"more":1,')]
  for (const other of others) expect(format.read(Buffer.from(other).toString('base64url'))).toBeUndefined()
  expect(format.read(Buffer.from(json).toString('base64url'))).toBeDefined()
})

it('of a thousand, that is forgotten which was not sent for the longest time', () => {
  const { format, texts, cookieOf } = countingFormat()
  const cookies = Array.from({ length: 1001 }, (_, index) => cookieOf(`user ${index}`))
  const [first = '', second = '', ...others] = cookies
  const last = others.pop() ?? ''
  for (const cookie of [first, second, ...others]) format.read(cookie)
  expect(texts).toHaveLength(1000)
  // The first is sent once more, so the second is the one that makes room.
  for (const cookie of [first, last, first, others[0] ?? '']) format.read(cookie)
  expect(texts).toHaveLength(1001)
  format.read(second)
  expect(texts).toHaveLength(1002)
})

it('what one request does to its session is not seen by the next', async () => {
  const additionalFields = { settings: { type: 'json' } } as const
  const schema = resolveFullSchema(CORE_MODELS, [], { user: { additionalFields } })
  const schemas = {
    session: outputSchema<Session>('Session', schema.session?.fields ?? {}),
    user: outputSchema<User>('User', schema.user?.fields ?? {}),
  }
  const options = resolveCookieCache({ enabled: true })
  if (!options) throw new Error('it is on')
  const unitOfWork = { run: <T>(work: () => Promise<T>) => work(), afterCommit: (task: () => Promise<void>) => task() }
  const now = new Date()
  const cache = createCookieCache({ options, secrets: [secret], schema, schemas, unitOfWork, now: () => now })
  const dates = { createdAt: now, updatedAt: now }
  const session = { id: 's1', token: 'token', userId: 'u1', expiresAt: new Date(now.getTime() + 86_400_000), ...dates }
  const ann = {
    id: 'u1',
    name: 'Ann',
    email: 'ann@example.com',
    emailVerified: false,
    image: null,
    settings: { tags: ['one'] },
    ...dates,
  }
  const data = { session: { ...session, ipAddress: '', userAgent: '' }, user: ann as User }
  const cookie = await cache.write(data, { readAt: now, isShort: false })
  const read = async () => {
    const found = await cache.read(cookie?.value ?? '', { token: 'token', isShort: false })
    return found as { session: Session; user: User & { settings: { tags: string[] } } }
  }
  const found = await read()
  expect(found.user.settings.tags).toEqual(['one'])
  found.user.settings.tags.push('two')
  found.user.name = 'Bob'
  found.session.expiresAt.setFullYear(2000)
  const again = await read()
  expect([again.user.settings.tags, again.user.name, again.session.expiresAt]).toEqual([
    ['one'],
    'Ann',
    session.expiresAt,
  ])
})
