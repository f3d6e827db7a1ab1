import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { skipWithout } from './skip-without.ts'

const programNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const wellKnownPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

// No background traffic, and no sandbox, since tests may run as root in a container.
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The browser to test with: CHROMIUM_PATH, else an installed Chromium or Chrome, else undefined. */
export function findChromium(): string | undefined {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen) return isExecutable(chosen) ? chosen : undefined
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const candidates = onPath.flatMap(directory => programNames.map(name => join(directory, name)))
  return [...wellKnownPaths, ...candidates].find(isExecutable)
}

/** For `describe.skipIf`: true where no browser is installed, an error under CI. */
export function skipWithoutChromium(): boolean {
  return skipWithout('Chromium', findChromium() !== undefined, 'install it or set CHROMIUM_PATH.')
}

export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium on this machine')
  return chromium.launch({ executablePath, args: flags })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
