import type { BetterAuthOptions } from 'better-auth'
import { ann, password, type Scenario, withMail } from '../scenario.ts'
import type { Side } from '../side.ts'

type Dynamic = Extract<BetterAuthOptions['baseURL'], object>

const allowedHosts = ['localhost:*', 'app.example', '*.tenant.example', 'https://scheme.example/path']

/** One server under several hosts: where links lead, what is trusted, and which cookies are set. */
function dynamic(
  name: string,
  baseURL: Omit<Dynamic, 'allowedHosts'>,
  advanced: BetterAuthOptions['advanced'] = {},
): Scenario {
  return {
    name: `base-url-${name}`,
    options: {
      build: mails => ({ baseURL: { allowedHosts, ...baseURL }, emailAndPassword: withMail(mails), advanced }),
    },
    async run(side) {
      const step = (title: string) => `base-url-${name}.${title}`
      await side.visitor().post(step('sign-up'), '/sign-up/email', ann)
      const reset = (title: string, headers: Record<string, string>) =>
        side.visitor().post(step(title), '/request-password-reset', { email: ann.email }, { headers })
      await reset('link', {})
      await reset('link-host', { host: 'app.example' })
      await reset('link-upper-case', { host: 'App.Example' })
      await reset('link-pattern', { host: 'a.tenant.example' })
      await reset('link-with-scheme', { host: 'scheme.example' })
      await reset('link-foreign', { host: 'evil.example' })
      await reset('link-suffix', { host: 'app.example.evil.example' })
      await reset('link-port', { host: 'app.example:8443' })
      await reset('link-forwarded', { 'x-forwarded-host': 'app.example', 'x-forwarded-proto': 'https' })
      await reset('link-forwarded-foreign', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' })
      await origins(side, step)
    },
  }
}

async function origins(side: Side, step: (title: string) => string): Promise<void> {
  const signIn = (title: string, headers: Record<string, string>) =>
    side.visitor().post(
      step(title),
      '/sign-in/email',
      { email: ann.email, password },
      {
        headers: { 'sec-fetch-mode': 'cors', ...headers },
      },
    )
  await signIn('origin-own', {})
  await signIn('origin-allowed', { origin: 'https://app.example' })
  await signIn('origin-allowed-http', { origin: 'http://app.example' })
  await signIn('origin-pattern', { origin: 'https://a.tenant.example' })
  await signIn('origin-local', { origin: 'http://localhost:5173' })
  await signIn('origin-foreign', { origin: 'https://evil.example' })
  await signIn('origin-of-foreign-host', { origin: 'https://evil.example', host: 'evil.example' })
}

export const baseUrls: Scenario[] = [
  dynamic('plain', { protocol: 'http', fallback: 'http://www.example' }),
  dynamic('secure', { protocol: 'https', fallback: 'https://www.example' }),
  dynamic('auto', { fallback: 'https://www.example' }),
  dynamic('proxied', { fallback: 'https://www.example' }, { trustedProxyHeaders: true }),
  dynamic(
    'shared-cookies',
    { protocol: 'http', fallback: 'http://www.example' },
    { crossSubDomainCookies: { enabled: true } },
  ),
]
