import { openAPI } from 'better-auth/plugins'
import type { Scenario } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'

type Settings = Parameters<typeof openAPI>[0]

const withOpenAPI = (settings?: Settings): OptionSet => ({
  build: () => ({ plugins: [openAPI(settings)] }),
  ourPlugins: async () => [(await import('../../../routers/open-api/index.ts')).openAPI(settings)],
})

const story = (name: string, settings: Settings, paths: Record<string, string>): Scenario => ({
  name,
  options: withOpenAPI(settings),
  async run(side) {
    for (const [step, path] of Object.entries(paths)) await side.visitor().get(`${name}.${step}`, path)
    await side.visitor().post(`${name}.posted`, '/open-api/generate-schema', {})
  },
})

// The official page itself is not asked for: its body never ends over Node's HTTP server.
export const openApiScenarios: Scenario[] = [
  story('open-api', {}, { schema: '/open-api/generate-schema' }),
  story('open-api-moved', { path: '/docs', theme: 'moon', nonce: 'YWJj' }, { 'old-page': '/reference' }),
  story(
    'open-api-hidden',
    { disableDefaultReference: true },
    { schema: '/open-api/generate-schema', page: '/reference' },
  ),
]
