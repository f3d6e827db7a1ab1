import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { app, createApp, withTwoFactor } from './app.ts'

describe('kernia', { timeout: 30_000 }, () => {
  it('explains itself, every command with examples', async () => {
    const { run } = await createApp()
    const help = await run('--help')
    expect(help).toMatchObject({ code: 0, stderr: '' })
    for (const command of ['init', 'generate', 'migrate', 'info', 'secret', 'openapi']) {
      expect(help.stdout).toContain(`${command} `)
    }
    for (const command of ['init', 'generate', 'migrate', 'info']) {
      expect(await run(command, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') })
    }
  })

  it.each([
    { args: ['bogus'], code: 2, says: /unknown command/ },
    { args: ['info'], code: 2, says: /--app/ },
    { args: ['init', '--adapter', 'oracle'], code: 2, says: /sqlite, postgres, mysql, mongo, memory/ },
    { args: ['generate', '--app', 'auth.ts', '--nonsense'], code: 2, says: /unknown option/ },
    { args: ['info', '--app', 'missing.ts'], code: 1, says: /there is no file .*missing\.ts/ },
    { args: ['info', '--app', 'auth.ts:nothing'], code: 1, says: /exports no auth instance named "nothing"/ },
    {
      args: ['migrate', '--app', 'auth.ts'],
      code: 1,
      says: /no migrations in migrations; run: kernia generate --app auth\.ts/,
    },
  ])('ends $args with $code', async ({ args, code, says }) => {
    const { run } = await createApp()
    const ended = await run(...args)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toMatch(says)
    expect(ended.stderr).not.toMatch(/\n\s+at /)
  })

  it('tells why a module cannot be imported', async () => {
    const { run, folder } = await createApp()
    await writeFile(join(folder, 'broken.ts'), `import 'not-installed'`)
    const ended = await run('info', '--app', 'broken.ts')
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('broken.ts cannot be imported: Cannot find'),
    })
  })

  it('imports the application once, whatever the command', async () => {
    const { runWith } = await createApp()
    for (const args of [['info'], ['generate'], ['migrate'], ['openapi']]) {
      const { code, stderr } = await runWith({ COUNT_IMPORTS: '1' }, ...args, ...app)
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: 'imported\n' })
    }
  })
})

describe('kernia info', { timeout: 30_000 }, () => {
  it('tells what an instance resolves to, as JSON', async () => {
    const { run } = await createApp({ options: `${withTwoFactor}, baseURL: 'https://example.com/auth'` })
    const { code, stdout } = await run('info', ...app, '--json')
    expect(code).toBe(0)
    const info = JSON.parse(stdout)
    expect(info).toMatchObject({
      versions: { kernia: expect.any(String), node: process.versions.node, '@mikro-orm/core': expect.any(String) },
      baseURL: 'https://example.com/auth',
      basePath: '/auth',
      adapter: { id: 'sqlite', database: 'app.db' },
      plugins: expect.arrayContaining(['email-password', 'two-factor']),
    })
    expect(info.schema.map(({ contributor }: { contributor: string }) => contributor)).toEqual([
      'core',
      'plugin "two-factor"',
      'options.user.additionalFields',
    ])
    expect(info.schema[1].tables).toEqual([
      { model: 'user', table: 'user', fields: { twoFactorEnabled: 'twoFactorEnabled' } },
      { model: 'twoFactor', table: 'twoFactor', fields: { secret: 'secret', userId: 'userId' } },
    ])
    expect(info.routes).toContainEqual({
      method: 'POST',
      path: '/sign-up/email',
      operationId: 'signUpEmail',
      access: 'public',
    })
    expect(info.problems.map(({ code }: { code: string }) => code)).toEqual(['SCHEMA_OUT_OF_DATE'])
  })

  it('creates no database file by looking', async () => {
    const { run, folder } = await createApp()
    await run('info', ...app)
    await run('generate', ...app, '--sql')
    expect(existsSync(join(folder, 'app.db'))).toBe(false)
  })

  it('finds no problem in a good configuration, and --strict ends with 0', async () => {
    const { run } = await createApp()
    await run('generate', ...app)
    await run('migrate', ...app)
    const { code, stdout } = await run('info', ...app, '--strict')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Problems   none') })
  })

  it.each([
    { given: `secret: 'short'`, found: 'WEAK_SECRET' },
    { given: `secret: 'a'.repeat(64)`, found: 'WEAK_SECRET' },
    { given: `secret: 'please-change-me-before-you-deploy-this'`, found: 'WEAK_SECRET' },
    { given: `secret: undefined`, found: 'NO_SECRET' },
    { given: `baseURL: 'http://example.com'`, found: 'NO_HTTPS' },
  ])('finds $found in $given, and --strict ends with 1', async ({ given, found }) => {
    const { run } = await createApp({ options: given })
    const { code, stdout } = await run('info', ...app, '--json', '--strict')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).problems.map(({ code }: { code: string }) => code)).toContain(found)
  })

  it('finds http in production', async () => {
    const { runWith } = await createApp({ options: `baseURL: 'http://localhost:3000'` })
    const { stdout } = await runWith({ NODE_ENV: 'production' }, 'info', ...app, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ production: true, problems: [{ code: 'NO_HTTPS' }, {}] })
  })

  it.each(['info', 'generate', 'migrate'])('%s prints no secret and no password of a URL', async command => {
    const { run } = await createApp({ url: 'postgresql://someone:hunter22@127.0.0.1:1/app?password=hunter22' })
    for (const args of [[], ['--json']]) {
      const { stdout, stderr } = await run(command, ...app, ...args)
      expect(stdout + stderr).not.toMatch(/hunter22|Vf3kq9/)
    }
  })
})
