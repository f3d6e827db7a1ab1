import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type DemoServer = { url: string; printed(): string; stop(): Promise<number | null> }

const serverFile = fileURLToPath(new URL('../../examples/demo/server.ts', import.meta.url))

/** Starts the demo as a user would, in a process of its own, with a fresh data directory and any free port. */
export async function startDemoServer(): Promise<DemoServer> {
  const directory = await mkdtemp(join(tmpdir(), 'kernia-demo-'))
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
    return { url: await addressIn(child, output), printed: () => output.text, stop }
  } catch (error) {
    await stop()
    throw error
  }
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
