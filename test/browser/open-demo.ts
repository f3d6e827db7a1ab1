import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { type DemoServer, startDemoServer } from '../support/demo-server.ts'
import { type Device, openDevice } from './demo-page.ts'

/** The demo and a browser for the tests of a `describe`; no page of theirs may have had trouble. */
export function openDemo() {
  let server: DemoServer
  let browser: Browser
  let devices: Device[] = []

  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startDemoServer(), launchChromium()])
  }, 60_000)

  afterEach(async () => {
    const trouble = devices.flatMap(device => device.trouble)
    await Promise.all(devices.map(device => device.context.close()))
    devices = []
    expect(trouble, 'console errors, server errors and requests to other hosts').toEqual([])
  })

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  return {
    /** A browser profile of its own. */
    device: async (userAgent?: string): Promise<Device> => {
      const opened = await openDevice(browser, [server.url, identityProvider(server)], userAgent)
      devices.push(opened)
      return opened
    },
  }
}

/** Where the bundled provider is, as the demo prints it. */
function identityProvider(server: DemoServer): string {
  const found = /Local ID\s+(http:\S+)/.exec(server.printed())
  if (!found?.[1]) throw new Error(`No provider is printed:\n${server.printed()}`)
  return found[1]
}
