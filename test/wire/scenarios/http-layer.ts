import { ann, password, plainOptions, type Scenario, withMail } from '../scenario.ts'

/** Routing, methods, media types and bodies: what holds for every endpoint. */
export const httpLayer: Scenario = {
  name: 'http-layer',
  options: plainOptions,
  async run(side) {
    const browser = side.visitor()
    await browser.client('http.ok-client', client => client.$fetch('/ok'))
    await browser.get('http.ok', '/ok')
    await browser.get('http.ok-query', '/ok?a=1&a=2')
    const methods = { head: 'HEAD', options: 'OPTIONS', put: 'PUT', delete: 'DELETE', post: 'POST' }
    for (const [name, method] of Object.entries(methods)) await browser.raw(`http.ok-${name}`, { method, path: '/ok' })
    await browser.raw('http.preflight', {
      method: 'OPTIONS',
      path: '/sign-in/email',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    })
    await browser.get('http.unknown-route', '/nope')
    await browser.post('http.unknown-route-post', '/nope', {})
    await browser.get('http.root', '')
    await browser.get('http.root-slash', '/')
    await browser.get('http.wrong-method', '/sign-in/email')
    await browser.raw('http.wrong-method-patch', {
      method: 'PATCH',
      path: '/update-user',
      headers: { origin: side.origin },
    })
    await browser.get('http.trailing-slash', '/ok/')
    await browser.get('http.double-slash', '//ok')
    await browser.get('http.double-slash-inside', '/sign-in//email')
    await browser.get('http.upper-case-route', '/OK')
    await browser.get('http.encoded-route', '/%6Fk')
    await browser.get('http.server-only', '/set-password')
    await browser.post('http.set-password', '/set-password', { newPassword: password })

    const raw = (step: string, method: string, path: string, headers: Record<string, string>, body: string) =>
      side.visitor().raw(step, { method, path, headers, body })
    const json = { 'content-type': 'application/json' }
    await raw('http.malformed-json', 'POST', '/request-password-reset', json, '{"email": ')
    await raw('http.malformed-json-unknown-route', 'POST', '/nope', json, '{')
    await raw('http.body-on-get', 'GET', '/get-session', json, '{"a":1}')
    await raw(
      'http.form-not-allowed',
      'POST',
      '/request-password-reset',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'email=a',
    )
    await raw('http.text-plain', 'POST', '/sign-out', { 'content-type': 'text/plain' }, 'x')
    await raw(
      'http.prototype-key',
      'POST',
      '/sign-in/email',
      json,
      `{"email":"${ann.email}","password":"x","__proto__":{"a":1}}`,
    )
    await side.visitor().get('http.query-missing', '/reset-password/abcdefghabcdefghabcdefgh')
  },
}

export const disabledPaths: Scenario = {
  name: 'disabled-paths',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      disabledPaths: ['/sign-up/email', '/get-session'],
      advanced: { skipTrailingSlashes: true },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.client('disabled-paths.sign-up', client => client.signUp.email(ann))
    await browser.get('disabled-paths.get-session', '/get-session')
    await browser.get('disabled-paths.get-session-slash', '/get-session/')
    await browser.get('disabled-paths.list-sessions', '/list-sessions')
    await browser.get('skip-trailing-slashes.ok', '/ok/')
    await browser.post('skip-trailing-slashes.sign-in', '/sign-in/email/', { email: ann.email, password })
  },
}

export const otherBasePath: Scenario = {
  name: 'base-path',
  options: { build: mails => ({ basePath: '/auth/v1', emailAndPassword: withMail(mails) }) },
  async run(side) {
    const browser = side.visitor()
    await browser.get('base-path.ok', '^/auth/v1/ok')
    await browser.raw('base-path.sign-up', {
      method: 'POST',
      path: '^/auth/v1/sign-up/email',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ann),
    })
    await browser.raw('base-path.reset', {
      method: 'POST',
      path: '^/auth/v1/request-password-reset',
      headers: { 'content-type': 'application/json', origin: side.origin },
      body: JSON.stringify({ email: ann.email }),
    })
  },
}
