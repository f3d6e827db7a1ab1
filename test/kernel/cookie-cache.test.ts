import { getCookieCache } from 'better-auth/cookies'
import { getCookieCache as getCookieCacheOf17 } from 'better-auth-1.7/cookies'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CORE_MODELS, outputSchema, resolveFullSchema, type Session, type User } from '../../entities/index.ts'
import { recentChanges } from '../../src/cookie-cache/changes.ts'
import { createCookieCache } from '../../src/cookie-cache/index.ts'
import { type CookieCacheOptions, resolveCookieCache } from '../../src/options/cookie-cache.ts'
import { createClock, secret } from '../support/test-auth.ts'

const strategies = ['compact', 'jwt', 'jwe'] as const
const other = 'another-secret-for-tests-another-secret-0123456789'

const fields = {
  plan: { type: 'string', required: false },
  hidden: { type: 'string', required: false, returned: false },
  seenAt: { type: 'date', required: false },
} as const

function create(options: CookieCacheOptions = {}, secrets = [secret], now = () => new Date()) {
  const schema = resolveFullSchema(CORE_MODELS, [], { user: { additionalFields: fields } })
  const schemas = {
    session: outputSchema<Session>('Session', schema.session?.fields ?? {}),
    user: outputSchema<User>('User', schema.user?.fields ?? {}),
  }
  const resolved = resolveCookieCache({ enabled: true, ...options })
  if (!resolved) throw new Error('it is on')
  const unitOfWork = { run: <T>(work: () => Promise<T>) => work(), afterCommit: (task: () => Promise<void>) => task() }
  const cache = createCookieCache({ options: resolved, secrets, schema, schemas, unitOfWork, now })
  const write = async (data = made(now()), isShort = false) => {
    const cookie = await cache.write(data, { readAt: now(), isShort })
    if (!cookie) throw new Error('not cached')
    return cookie.value
  }
  const read = (text: string, token = 'token-of-ann', isShort = false) => cache.read(text, { token, isShort })
  return { cache, write, read }
}

function made(now: Date, user: object = {}) {
  const session = {
    id: 's1',
    token: 'token-of-ann',
    userId: 'u1',
    expiresAt: new Date(now.getTime() + 86_400_000),
    createdAt: now,
    updatedAt: now,
    ipAddress: '127.0.0.1',
    userAgent: 'Ünïcode 😀',
  }
  const ann = { id: 'u1', name: 'Ann 😀', email: 'ann@example.com', emailVerified: false, image: null }
  const dates = { createdAt: now, updatedAt: now, seenAt: now }
  return { session, user: { ...ann, ...dates, plan: 'free', hidden: 'secret note', ...user } as User }
}

const asRequest = (value: string) => new Headers({ cookie: `better-auth.session_data=${value}` })

describe.each(strategies)('a cache in the form %s', strategy => {
  const decode = (value: string) => Buffer.from(value.split('.').at(1) ?? value, 'base64url').toString()

  it('gives back what was cached, with its dates, without what clients may not see', async () => {
    const { write, read } = create({ strategy })
    const data = made(new Date())
    const { hidden: _, ...visible } = data.user as User & { hidden: string }
    const value = await write(data)
    expect(await read(value)).toEqual({ session: data.session, user: visible })
    expect(decode(value)).not.toContain('secret note')
    if (strategy === 'jwe')
      expect(value).not.toContain(Buffer.from('ann@example.com').toString('base64url').slice(2, 10))
  })

  it("is read by the official packages' own getCookieCache", async () => {
    const { write } = create({ strategy, version: '7' })
    const value = await write()
    type Options = Parameters<typeof getCookieCache>[1]
    const official = (headers: Headers, options: Options) => getCookieCache(headers, options)
    const official17 = (headers: Headers, options: Options) => getCookieCacheOf17(headers, options)
    for (const readOfficial of [official, official17]) {
      const found: object | null = await readOfficial(asRequest(value), {
        secret,
        strategy,
        isSecure: false,
        version: '7',
      })
      expect(found).toMatchObject({
        session: { token: 'token-of-ann', userId: 'u1' },
        user: { email: 'ann@example.com', name: 'Ann 😀', plan: 'free' },
        version: '7',
        updatedAt: expect.any(Number),
      })
      expect(found).not.toHaveProperty('user.hidden')
      expect(await readOfficial(asRequest(value), { secret: other, strategy, isSecure: false })).toBeNull()
    }
  })

  it('is not believed under another secret, and is under an older one that is still there', async () => {
    const value = await create({ strategy }).write()
    expect(await create({ strategy }, [other]).read(value)).toBeUndefined()
    expect(await create({ strategy }, [other, secret]).read(value)).toBeDefined()
    const renewed = await create({ strategy }, [other, secret]).write()
    expect(await create({ strategy }, [other]).read(renewed)).toBeDefined()
  })

  it('belongs to one session, and to one version', async () => {
    const { write, read } = create({ strategy, version: 2 })
    const value = await write()
    expect(await read(value)).toBeDefined()
    expect(await read(value, 'token-of-ben')).toBeUndefined()
    expect(await read(value, '')).toBeUndefined()
    expect(await create({ strategy, version: '2' }).read(value)).toBeDefined()
    expect(await create({ strategy, version: 3 }).read(value)).toBeUndefined()
    expect(await create({ strategy }).read(value)).toBeUndefined()
  })

  it('may have its version from session and user, the same when written as when read', async () => {
    const seen: unknown[] = []
    const version = async (session: Session, user: User) => {
      seen.push(Object.keys(user).sort(), session.createdAt instanceof Date)
      return `${user.id}-${session.createdAt.getTime()}`
    }
    const { write, read } = create({ strategy, version })
    expect(await read(await write())).toBeDefined()
    expect([seen[0], seen[1]]).toEqual([seen[2], seen[3]])
    const failing = create({
      strategy,
      version: () => {
        throw new Error('no')
      },
    })
    expect(await failing.read(await create({ strategy }).write())).toBeUndefined()
  })

  it('ends after maxAge, earlier if that was lowered, or with the session', async () => {
    const clock = createClock()
    const { write, read } = create({ strategy, maxAge: 100 }, [secret], clock.now)
    const value = await write()
    const short = create({ strategy, maxAge: 50 }, [secret], clock.now)
    const ending = await write({
      ...made(clock.now()),
      session: { ...made(clock.now()).session, expiresAt: new Date(clock.now().getTime() + 30_000) },
    })
    clock.advance(29)
    expect(await read(ending)).toBeDefined()
    clock.advance(1)
    expect(await read(ending)).toBeUndefined()
    clock.advance(19)
    expect(await short.read(value)).toBeDefined()
    clock.advance(1)
    expect(await short.read(value)).toBeUndefined()
    clock.advance(49)
    expect(await read(value)).toBeDefined()
    clock.advance(1)
    expect(await read(value)).toBeUndefined()
  })

  it('of a session that is not remembered ends after a minute, or maxAge', async () => {
    const clock = createClock()
    const { write, read } = create({ strategy }, [secret], clock.now)
    const brief = create({ strategy, maxAge: 10 }, [secret], clock.now)
    const [value, briefly] = [await write(undefined, true), await brief.write(undefined, true)]
    clock.advance(9)
    expect(await brief.read(briefly, undefined, true)).toBeDefined()
    clock.advance(1)
    expect(await brief.read(briefly, undefined, true)).toBeUndefined()
    clock.advance(49)
    expect(await read(value, undefined, true)).toBeDefined()
    clock.advance(1)
    expect(await read(value, undefined, true)).toBeUndefined()
  })

  it('asks for the store before its end where it is to be renewed', async () => {
    const clock = createClock()
    const { write, read } = create({ strategy, maxAge: 100, refreshCache: true }, [secret], clock.now)
    const value = await write()
    clock.advance(79)
    expect(await read(value)).toBeDefined()
    clock.advance(1)
    expect(await read(value)).toBeUndefined()
    // That of a session that is not remembered is not renewed, so it is used to its end.
    const brief = await write(undefined, true)
    clock.advance(59)
    expect(await read(brief, undefined, true)).toBeDefined()
  })

  it('of other fields than those of this instance is not used: it would fail every answer', async () => {
    const { write } = create({ strategy })
    const { read } = create({ strategy })
    const withoutName = { ...made(new Date()), user: { ...made(new Date()).user, name: undefined } }
    await expect(write(withoutName as never)).rejects.toThrow('not cached')
    const schema = resolveFullSchema(CORE_MODELS, [], { user: { additionalFields: { role: { type: 'string' } } } })
    const newer = createCookieCache({
      options: resolveCookieCache({ enabled: true, strategy }) as never,
      secrets: [secret],
      schema,
      schemas: {
        session: outputSchema<Session>('Session', schema.session?.fields ?? {}),
        user: outputSchema<User>('User', schema.user?.fields ?? {}),
      },
      unitOfWork: { run: work => work(), afterCommit: task => task() },
      now: () => new Date(),
    })
    const value = await write()
    expect(await newer.read(value, { token: 'token-of-ann', isShort: false })).toBeUndefined()
    expect(await read(value)).toBeDefined()
  })

  it('is ignored after any change of it (property)', async () => {
    const { write, read } = create({ strategy })
    const value = await write()
    const content = JSON.stringify(await read(value))
    const change = fc.asyncProperty(
      fc.nat(),
      fc.nat(3),
      fc.string({ unit: fc.constantFrom(...'aZ09-_.=%ä'), maxLength: 3 }),
      async (position, length, insertion) => {
        const at = position % (value.length + 1)
        const changed = value.slice(0, at) + insertion + value.slice(at + length)
        const found = await read(changed)
        // Base64 has several spellings of one content.
        if (found) expect(JSON.stringify(found)).toBe(content)
      },
    )
    await fc.assert(change, { numRuns: 600 })
  })

  it('is ignored when it is no such thing at all, and nothing is thrown (property)', async () => {
    const { read } = create({ strategy })
    const b64 = (text: string) => Buffer.from(text).toString('base64url')
    const json = fc.json().map(b64)
    const deep = `${'['.repeat(8000)}${']'.repeat(8000)}`
    const garbage = fc.oneof(
      fc.string(),
      json,
      fc.tuple(json, json, json).map(parts => parts.join('.')),
      fc.tuple(json, json, json, json, json).map(parts => parts.join('.')),
      fc.constantFrom(
        '',
        '.',
        '..',
        '....',
        b64('null'),
        b64('{"session":null,"expiresAt":1,"signature":"x"}'),
        b64(`{"session":{"session":${deep}},"expiresAt":99999999999999,"signature":"${'x'.repeat(43)}"}`),
        `${b64('{"alg":"none"}')}.${b64('{"session":{},"user":{}}')}.`,
        `${b64('{"alg":"dir","enc":"A256GCM","kid":{}}')}....`,
        `${b64('null')}....`,
      ),
    )
    const property = fc.asyncProperty(garbage, async text => {
      expect(await read(text)).toBeUndefined()
    })
    await fc.assert(property, { numRuns: 600 })
  })
})

describe('a cache in the form of another strategy', () => {
  it('is not read', async () => {
    for (const written of strategies) {
      const value = await create({ strategy: written }).write()
      for (const strategy of strategies) {
        expect((await create({ strategy }).read(value)) !== undefined).toBe(strategy === written)
      }
    }
  })
})

describe('options of the cache', () => {
  const nonsense: [string, object][] = [
    ['maxAge', { maxAge: 0 }],
    ['maxAge', { maxAge: -1 }],
    ['maxAge', { maxAge: Number.NaN }],
    ['maxAge', { maxAge: 400 * 86_400 + 1 }],
    ['strategy', { strategy: 'plain' }],
    ['updateAge', { refreshCache: { updateAge: 0 } }],
    ['updateAge', { refreshCache: { updateAge: 300 } }],
  ]
  it.each(nonsense)('%s: %j is refused', (name, options) => {
    expect(() => resolveCookieCache({ enabled: true, ...options })).toThrow(name)
  })

  it('have the defaults of Better Auth, and are off', () => {
    expect(resolveCookieCache(undefined)).toBeUndefined()
    expect(resolveCookieCache({ maxAge: 60 })).toBeUndefined()
    expect(resolveCookieCache({ enabled: true })).toEqual({
      maxAge: 300,
      strategy: 'compact',
      version: '1',
      renewAge: 0,
    })
    expect(resolveCookieCache({ enabled: true, refreshCache: true })?.renewAge).toBe(60)
    expect(resolveCookieCache({ enabled: true, refreshCache: { updateAge: 5 } })?.renewAge).toBe(5)
  })
})

describe('recent changes', () => {
  it('concern a session and the sessions of a user, from then on', () => {
    const clock = createClock()
    const start = clock.now().getTime()
    const changes = recentChanges(300, clock.now)
    const ann = { token: 'a', userId: 'ann' }
    changes.sessionEnded('a')
    expect([changes.areSince(start, ann), changes.areSince(start + 1, ann)]).toEqual([true, false])
    expect(changes.areSince(start, { token: 'b', userId: 'ann' })).toBe(false)
    clock.advance(1)
    changes.userChanged('ben')
    expect(changes.areSince(start + 999, { token: 'c', userId: 'ben' })).toBe(true)
    // Who makes the change caches its outcome at once.
    expect(changes.areSince(start + 1000, { token: 'c', userId: 'ben' })).toBe(false)
    changes.sessionsEnded('eve', 'mine')
    expect(changes.areSince(start, { token: 'mine', userId: 'eve' })).toBe(false)
    expect(changes.areSince(start, { token: 'other', userId: 'eve' })).toBe(true)
  })

  it('are forgotten after maxAge; caches from before are then outdated anyway', () => {
    const clock = createClock()
    const start = clock.now().getTime()
    const changes = recentChanges(10, clock.now)
    changes.sessionEnded('a')
    clock.advance(11)
    changes.sessionEnded('b')
    expect(changes.areSince(start, { token: 'never seen', userId: 'x' })).toBe(true)
    expect(changes.areSince(start + 11_000, { token: 'never seen', userId: 'x' })).toBe(false)
  })

  it('beyond any number make all caches of before outdated, not valid', () => {
    const clock = createClock()
    const start = clock.now().getTime()
    const changes = recentChanges(300, clock.now)
    changes.sessionEnded('the first')
    for (let i = 0; i < 100_000; i++) changes.sessionEnded(`s${i}`)
    expect(changes.areSince(start, { token: 'the first', userId: 'x' })).toBe(true)
  })
})
