import { oAuthProxy } from 'better-auth/plugins'
import type { Scenario } from '../scenario.ts'
import { arrive, gitlabOptions } from './social.ts'

/**
 * What leads to no other server: each has a key of its own for what it sends to itself. The rest is in
 * test/features/oauth-proxy.
 */
const direct: Scenario = {
  name: 'oauth-proxy',
  options: {
    build: () => ({ socialProviders: { gitlab: gitlabOptions }, plugins: [oAuthProxy()] }),
    ourPlugins: async () => [(await import('../../../routers/oauth-proxy/index.ts')).oAuthProxy()],
  },
  async run(side) {
    const browser = side.visitor()
    const at = (query: string) => `/oauth-proxy-callback?${query}`
    await browser.get('proxy.no-profile', at('callbackURL=/home'))
    await browser.get('proxy.nonsense', at('callbackURL=/home&profile=nonsense'))
    await browser.get('proxy.nothing', at(''))
    await browser.get('proxy.untrusted', at('callbackURL=https%3A%2F%2Fevil.example&profile=x'))
    await arrive(browser, 'proxy.production')
    await browser.get('proxy.session', '/get-session')
  },
}

export const oauthProxyScenarios: Scenario[] = [direct]
