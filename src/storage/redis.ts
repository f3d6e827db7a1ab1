import { createRequire } from 'node:module'
import type { CompleteStorage } from './contract.ts'

export interface RedisStorageOptions {
  /** Stands before every key; default `kernia:`. */
  keyPrefix?: string
}

/** The commands of ioredis that are used here. */
interface RedisClient {
  get(key: string): Promise<string | null>
  set(key: string, value: string, ...options: (string | number)[]): Promise<string | null>
  del(key: string): Promise<number>
  getdel(key: string): Promise<string | null>
  eval(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>
  srem(key: string, member: string): Promise<number>
  smembers(key: string): Promise<string[]>
  quit(): Promise<string>
  on(event: 'error', listener: () => void): unknown
}

// A counter's end is set with its first count, in one step: otherwise a crash in between would keep it for ever.
const INCREMENT = `
local count = redis.call('incr', KEYS[1])
if count == 1 then redis.call('expire', KEYS[1], ARGV[1]) end
return count`

// An expiry is whole milliseconds. A counter without one would never be forgotten, so it is given one.
const INCREMENT_BELOW = `
local count = tonumber(redis.call('get', KEYS[1]) or '0')
local left = redis.call('pttl', KEYS[1])
if count >= tonumber(ARGV[1]) and left > 0 then return {0, left} end
if left < 0 then count = 0 end
redis.call('set', KEYS[1], count + 1, 'PX', ARGV[2])
return {1, tonumber(ARGV[2])}`

const ADD_MEMBER = `
redis.call('sadd', KEYS[1], ARGV[1])
if redis.call('ttl', KEYS[1]) < tonumber(ARGV[2]) then redis.call('expire', KEYS[1], ARGV[2]) end
return 1`

/**
 * Secondary storage in Redis (6.2 or later), through the optional peer `ioredis`. Connects at first use.
 * @param url `redis://` or `rediss://` address
 * @throws when `ioredis` is not installed
 */
export function redisStorage(url: string, { keyPrefix = 'kernia:' }: RedisStorageOptions = {}): CompleteStorage {
  const redis = connect(url, keyPrefix)
  // Redis counts whole seconds, and at least one.
  const ending = (ttl?: number) => (ttl === undefined ? [] : ['EX', Math.max(1, Math.ceil(ttl))])
  return {
    get: key => redis.get(key),
    set: (key, value, ttl) => redis.set(key, value, ...ending(ttl)),
    delete: key => redis.del(key),
    getAndDelete: key => redis.getdel(key),
    replace: async (key, value, ttl) => (await redis.set(key, value, ...ending(ttl), 'XX')) === 'OK',
    increment: async (key, ttl) => Number(await redis.eval(INCREMENT, 1, key, Math.max(1, Math.ceil(ttl)))),
    incrementBelow: async (key, { max, ttl }) => {
      const milliseconds = Math.max(1, Math.ceil(ttl * 1000))
      const [allowed, left] = (await redis.eval(INCREMENT_BELOW, 1, key, max, milliseconds)) as [number, number]
      return { allowed: allowed === 1, endsIn: left / 1000 }
    },
    addMember: (key, member, ttl) => redis.eval(ADD_MEMBER, 1, key, member, Math.max(1, Math.ceil(ttl))),
    removeMember: (key, member) => redis.srem(key, member),
    members: key => redis.smembers(key),
    close: () => redis.quit(),
  }
}

function connect(url: string, keyPrefix: string): RedisClient {
  let Redis: new (url: string, options: object) => RedisClient
  try {
    Redis = (createRequire(import.meta.url)('ioredis') as { Redis: typeof Redis }).Redis
  } catch (cause) {
    throw new Error('redisStorage: install "ioredis"', { cause })
  }
  // While Redis is gone a request is told so within a second, and not only after the library's long pauses.
  const retryStrategy = (attempt: number) => Math.min(50 * attempt, 300)
  const redis = new Redis(url, { keyPrefix, lazyConnect: true, maxRetriesPerRequest: 3, retryStrategy })
  // Whoever asks meanwhile is told. Without a listener every attempt to connect again would be printed.
  redis.on('error', () => undefined)
  return redis
}
