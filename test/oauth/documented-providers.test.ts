import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import type { ProviderDefinition } from '../../src/oauth/definition.ts'
import { type SocialProviderId, socialProviders } from '../../src/oauth/providers/index.ts'
import { PROVIDER_IDS } from './make-provider.ts'

const document = readFile(new URL('../../docs/social-providers.md', import.meta.url), 'utf8')

function row(id: SocialProviderId): string {
  // What is documented is the same for the options of any provider.
  const { name, scopes, pkce, idToken, token } = socialProviders[id].definition as unknown as ProviderDefinition
  const yes = (value: unknown) => (value ? 'yes' : '')
  const cells = [
    `\`${id}\``,
    name,
    scopes.map(scope => `\`${scope}\``).join(' '),
    pkce ? 'S256' : '',
    yes(idToken?.sendsNonce),
    yes(idToken?.signsIn),
    yes(token?.refreshes !== false),
    token?.request ? 'query' : (token?.clientAuth ?? 'post'),
  ]
  return `| ${cells.join(' | ')} |`.replaceAll(/ {2,}/g, ' ')
}

it('docs/social-providers.md has a row for each provider, as it is', async () => {
  const rows = (await document).split('\n').filter(line => /^\| `\w+` \| .* \| (post|basic|query) \|$/.test(line))
  expect(rows).toEqual(PROVIDER_IDS.toSorted().map(row))
})
