import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsumerProject, createConsumerProject, freePort } from './consumer-project.ts'
import { CONSUMER } from './consumer-source.ts'
import { readmeSnippet, snippetPort } from './readme-snippet.ts'

const readme = fileURLToPath(new URL('../../README.md', import.meta.url))

// npm would install these by itself, in the newest version that fits instead of the one that is tested.
const REQUIRED_PEERS = ['@mikro-orm/core', '@mikro-orm/sql', '@trpc/server', 'zod']

/** Prints how many of the package's files are loaded by importing it alone, and with three plugins: each takes time at a start. */
const COUNT_FILES = `
import { registerHooks } from 'node:module'

let files = 0
registerHooks({
  load: (url, context, next) => {
    if (url.includes('/kernia/dist/')) files += 1
    return next(url, context)
  },
})
await import('kernia')
const alone = files
for (const plugin of ['username', 'organization', 'two-factor']) await import('kernia/plugins/' + plugin)
console.log(JSON.stringify([alone, files]))
`

describe('the packed package', () => {
  let project: ConsumerProject

  beforeAll(async () => {
    project = await createConsumerProject(REQUIRED_PEERS)
  }, 240_000)

  afterAll(() => project?.remove())

  it('contains what is published and nothing else', () => {
    const installed = join(project.folder, 'node_modules/kernia')
    for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/src/index.js', 'dist/src/index.d.ts']) {
      expect(existsSync(join(installed, file)), file).toBe(true)
    }
    for (const folder of ['src', 'test', 'examples', 'scripts', '.ci', 'dist/test']) {
      expect(existsSync(join(installed, folder)), folder).toBe(false)
    }
  })

  it('loads without its optional peers', { timeout: 30_000 }, async () => {
    const entries = ['kernia', 'kernia/mikro-orm', 'kernia/testing', 'kernia/plugins/email-password']
    project.write('load.mjs', entries.map(entry => `import '${entry}'`).join('\n'))
    expect(await ended(project.start('load.mjs', {}))).toEqual({ code: 0, output: '' })
  })

  it('is loaded in one piece, and what every instance shares with its plugins once', { timeout: 30_000 }, async () => {
    project.write('count.mjs', COUNT_FILES)
    const { code, output } = await ended(project.start('count.mjs', {}))
    expect(code).toBe(0)
    const [alone = 0, withPlugins = 0] = JSON.parse(output) as number[]
    expect(alone).toBeGreaterThan(0)
    expect(alone).toBeLessThan(5)
    expect(withPlugins).toBeLessThan(12)
  })

  it("runs the README's quick start: sign-up, session", { timeout: 120_000 }, async () => {
    await project.install(['express'])
    const code = readmeSnippet(readFileSync(readme, 'utf8'), 'quick-start')
    const port = String(await freePort())
    project.write('server.ts', code.replaceAll(snippetPort(code), port))
    const server = project.start('server.ts', { KERNIA_SECRET: 'a-secret-of-the-packaging-test-0123456789' })
    const output = outputOf(server)
    try {
      await answering(`http://localhost:${port}/api/auth/ok`, () => (server.exitCode === null ? undefined : output()))
      expect(await signUpAndRead(`http://localhost:${port}`)).toBe('ada@example.com')
    } finally {
      server.kill('SIGTERM')
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    }
  })

  it('starts its command', { timeout: 30_000 }, async () => {
    const command = project.start('node_modules/kernia/dist/src/cli/main.js', {}, ['--help'])
    expect(await ended(command)).toEqual({ code: 0, output: expect.stringContaining('kernia') })
    expect(existsSync(join(project.folder, 'node_modules/.bin/kernia'))).toBe(true)
  })

  describe('in an application', () => {
    beforeAll(async () => {
      await project.install(['express', '@trpc/client', 'tough-cookie', '@types/express', '@types/node'])
      project.write('consumer.ts', CONSUMER)
    }, 120_000)

    // Checking declarations takes long, since it goes through every package's: once is enough.
    it.each([
      { moduleResolution: 'nodenext', skipLibCheck: false },
      { moduleResolution: 'bundler', skipLibCheck: true },
    ] as const)(
      'has types that TypeScript 5.9 accepts under $moduleResolution',
      { timeout: 120_000 },
      async options => {
        expect(await project.typeErrors(['consumer.ts'], options)).toEqual([])
      },
    )
  })
})

async function ended(program: ChildProcess): Promise<{ code: number | null; output: string }> {
  const output = outputOf(program)
  const [code] = await once(program, 'close')
  return { code, output: output() }
}

/** What the program has printed so far. */
function outputOf(program: ChildProcess): () => string {
  let output = ''
  for (const stream of [program.stdout, program.stderr]) stream?.on('data', chunk => (output += chunk))
  return () => output
}

async function answering(url: string, gaveUp: () => string | undefined): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100))) {
    const output = gaveUp()
    if (output !== undefined) throw new Error(`The quick start ended by itself:\n${output}`)
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
  }
  throw new Error(`${url} did not answer`)
}

/** Signs up over HTTP and returns the e-mail address that the session belongs to. */
async function signUpAndRead(origin: string): Promise<unknown> {
  const signUp = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }),
  })
  expect(signUp.status, await signUp.clone().text()).toBe(200)
  const cookie = signUp.headers
    .getSetCookie()
    .map(line => line.split(';')[0])
    .join('; ')
  const session = await fetch(`${origin}/api/auth/get-session`, { headers: { cookie } })
  const body = (await session.json()) as { user?: { email?: string } } | null
  return body?.user?.email
}
