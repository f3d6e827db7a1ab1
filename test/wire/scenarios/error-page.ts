import { plainOptions, type Scenario, withMail } from '../scenario.ts'
import type { Side } from '../side.ts'

async function visit(side: Side, name: string): Promise<void> {
  const browser = side.visitor()
  const get = (step: string, query: string, probes: string[]) =>
    browser.get(`${name}.${step}`, `/error${query}`, { probes })
  await get('code', '?error=some_code', ['some_code'])
  await get('none', '', ['UNKNOWN'])
  await get('description', '?error=some_code&error_description=Something%20odd', ['some_code', 'Something odd'])
  await get('quote-in-code', '?error=email_doesn%27t_match', ["email_doesn't_match"])
  await get('markup-in-code', '?error=%3Cscript%3Ealert(1)%3C/script%3E', ['UNKNOWN', '<script>alert(1)', 'alert(1)'])
  await get('markup-in-description', '?error=a&error_description=%3Cb%20id%3D%22x%22%3Ehi', [
    'UNKNOWN',
    'hi',
    '<b id="x">',
  ])
  await get('state', '?state=state_not_found', ['UNKNOWN', 'state_not_found'])
}

export const errorPage: Scenario = {
  name: 'error-page',
  options: plainOptions,
  run: side => visit(side, 'error'),
}

export const errorPageInProduction: Scenario = {
  name: 'error-page-production',
  options: { nodeEnv: 'production', build: mails => ({ emailAndPassword: withMail(mails) }) },
  run: side => visit(side, 'error-production'),
}

export const errorPageCustomised: Scenario = {
  name: 'error-page-customised',
  options: {
    nodeEnv: 'production',
    build: mails => ({
      emailAndPassword: withMail(mails),
      onAPIError: { customizeDefaultErrorPage: { colors: { background: '#123456' } } },
    }),
  },
  run: side => visit(side, 'error-customised'),
}

export const errorUrl: Scenario = {
  name: 'error-url',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      onAPIError: { errorURL: 'https://app.example/oops?from=auth' },
    }),
  },
  run: side => visit(side, 'error-url'),
}
