import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('./imported-packages.ts', import.meta.url))

/** Each of them takes long to load, and an application may start without it. */
const HEAVY = ['@mikro-orm/core', '@mikro-orm/sql', 'kysely', 'jose', '@simplewebauthn/server', 'express', 'commander']

describe('what is imported', () => {
  it('with Kernia and its plugins is no database, and nothing that only some calls need', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program])
    const { imported, connected } = JSON.parse(stdout) as Record<'imported' | 'connected', string[]>
    expect(imported).toContain('zod')
    expect(HEAVY.filter(name => imported.includes(name))).toEqual([])
    expect(HEAVY.filter(name => connected.includes(name))).toEqual(['@mikro-orm/core', '@mikro-orm/sql', 'kysely'])
  }, 60_000)
})
