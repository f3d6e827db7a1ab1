import { oneTap } from 'better-auth/plugins'
import type { Scenario } from '../scenario.ts'

/** What needs no key of Google's, which no server of this machine can have; the rest is in test/features/one-tap. */
const refused: Scenario = {
  name: 'one-tap',
  options: {
    build: () => ({ plugins: [oneTap({ clientId: 'cid' })] }),
    ourPlugins: async () => [(await import('../../../routers/one-tap/index.ts')).oneTap({ clientId: 'cid' })],
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('one-tap.nonsense', '/one-tap/callback', { idToken: 'nonsense' })
    await browser.post('one-tap.nothing', '/one-tap/callback', {})
    await browser.post('one-tap.number', '/one-tap/callback', { idToken: 1 })
  },
}

export const oneTapScenarios: Scenario[] = [refused]
