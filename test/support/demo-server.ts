import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type DemoServer = { url: string; printed(): string; stop(): Promise<number | null> }

const serverFile = fileURLToPath(new URL('../../examples/demo/server.ts', import.meta.url))

/** The page as it was built last; the demo builds it anew when its sources are other ones. */
const builtPage = fileURLToPath(new URL('../../node_modules/.cache/kernia-demo-page/', import.meta.url))

/**
 * Starts the demo as a user would, in a process of its own, with a fresh data directory and any free port.
 * @param isFirstStart it builds its page even if another test's demo did
 */
export async function startDemoServer({ isFirstStart = false } = {}): Promise<DemoServer> {
  const directory = await mkdtemp(join(tmpdir(), 'kernia-demo-'))
  const page = join(directory, 'demo-page')
  // Half of it is none.
  const drop = () => rm(page, { recursive: true, force: true })
  if (!isFirstStart) await cp(builtPage, page, { recursive: true }).catch(drop)
  // Without the test runner's variables: NODE_ENV=test would turn checks off that users have.
  const { NODE_ENV: _, VITEST: __, TEST: ___, PORT: ____, HOST: _____, ...env } = process.env
  const child = spawn(process.execPath, [serverFile, '--port', '0', '--data', directory], { env })
  const output = collect(child)
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(directory, { recursive: true, force: true })
    return child.exitCode
  }
  try {
    const url = await addressIn(child, output)
    await keepPage(page)
    return { url, printed: () => output.text, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Keeps what was built for the next demo, whole or not at all: other files start theirs at the same time. */
async function keepPage(page: string): Promise<void> {
  const [built, kept] = await Promise.all([page, builtPage].map(stampOf))
  if (built === kept) return
  await mkdir(dirname(builtPage), { recursive: true })
  const fresh = await mkdtemp(join(dirname(builtPage), 'kernia-demo-page-'))
  await cp(page, fresh, { recursive: true })
  await rm(builtPage, { recursive: true, force: true })
  // Somebody else's may be there by now, which is as good.
  await rename(fresh, builtPage).catch(() => rm(fresh, { recursive: true, force: true }))
}

function stampOf(page: string): Promise<string> {
  return readFile(join(page, '.sources'), 'utf8').catch(() => '')
}

function collect(child: ChildProcess): { text: string } {
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output.text += chunk
    })
  }
  return output
}

function addressIn(child: ChildProcess, output: { text: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The demo server ${why}:\n${output.text}`))
    const timer = setTimeout(() => fail('did not get ready in 30 s'), 30_000)
    child.once('exit', code => fail(`ended with ${code}`))
    child.stdout?.on('data', () => {
      const found = /Page\s+(http:\S+)[\s\S]*Ctrl\+C/.exec(output.text)
      if (!found?.[1]) return
      clearTimeout(timer)
      resolve(found[1])
    })
  })
}
