import { ann, password, plainOptions, type Scenario } from '../scenario.ts'

const credentials = { email: ann.email, password }

export const signIn: Scenario = {
  name: 'sign-in',
  options: plainOptions,
  async run(side) {
    const browser = side.visitor()
    await side.visitor().post('sign-in.account', '/sign-up/email', ann)
    await browser.client('sign-in.ok', client => client.signIn.email(credentials))
    await browser.client('sign-in.session', client => client.getSession())
    await side
      .visitor()
      .client('sign-in.not-remembered', client => client.signIn.email({ ...credentials, rememberMe: false }))
    const forgetful = side.visitor()
    await forgetful.post('sign-in.not-remembered-by-http', '/sign-in/email', { ...credentials, rememberMe: false })
    await forgetful.get('sign-in.not-remembered-session', '/get-session')
    await forgetful.post('sign-in.remembered-again', '/sign-in/email', { ...credentials, rememberMe: true })
    await side
      .visitor()
      .client('sign-in.callback', client => client.signIn.email({ ...credentials, callbackURL: '/home?tab=1' }))
    const own = `${side.origin}/home`
    await side
      .visitor()
      .client('sign-in.callback-absolute', client => client.signIn.email({ ...credentials, callbackURL: own }))

    const next = (step: string, body: unknown) => side.visitor().post(step, '/sign-in/email', body)
    await next('sign-in.upper-case', { email: 'Ann@EXAMPLE.com', password })
    await next('sign-in.wrong-password', { email: ann.email, password: 'not the password' })
    await next('sign-in.unknown-user', { email: 'nobody@example.com', password })
    await next('sign-in.bad-email', { email: 'not-an-address', password })
    await next('sign-in.email-padded', { email: ' ann@example.com', password })
    await next('sign-in.password-empty', { email: ann.email, password: '' })
    await next('sign-in.password-long', { email: ann.email, password: 'x'.repeat(300) })
    await next('sign-in.empty-object', {})
    await next('sign-in.number', { email: 1, password: 2 })
    await next('sign-in.array', [])
    await next('sign-in.null', null)
    await next('sign-in.extra-key', { ...credentials, extra: 1 })
    await next('sign-in.remember-me-string', { ...credentials, rememberMe: 'false' })
    await next('sign-in.no-body', undefined)
    await next('sign-in.foreign-callback', { ...credentials, callbackURL: 'https://evil.example/' })
    await next('sign-in.protocol-relative-callback', { ...credentials, callbackURL: '//evil.example/' })
    await next('sign-in.callback-with-hash', { ...credentials, callbackURL: '/home#part' })
    await next('sign-in.callback-number', { ...credentials, callbackURL: 5 })

    const raw = (step: string, type: string | undefined, body: string) =>
      side.visitor().raw(step, { method: 'POST', path: '/sign-in/email', headers: { 'content-type': type }, body })
    const form = new URLSearchParams(credentials).toString()
    await raw('sign-in.form', 'application/x-www-form-urlencoded', form)
    await raw('sign-in.form-charset', 'application/x-www-form-urlencoded; charset=utf-8', form)
    await raw('sign-in.form-not-remembered', 'application/x-www-form-urlencoded', `${form}&rememberMe=false`)
    await raw('sign-in.form-callback', 'application/x-www-form-urlencoded', `${form}&callbackURL=%2Fhome`)
    await raw('sign-in.json-charset', 'application/json; charset=utf-8', JSON.stringify(credentials))
    await raw('sign-in.json-suffix', 'application/vnd.api+json', JSON.stringify(credentials))
    await raw('sign-in.json-upper-case', 'Application/JSON', JSON.stringify(credentials))
    await raw('sign-in.text-plain', 'text/plain', JSON.stringify(credentials))
    await raw('sign-in.multipart', 'multipart/form-data; boundary=x', '--x--')
    await raw('sign-in.no-content-type', undefined, JSON.stringify(credentials))
    await raw('sign-in.malformed-json', 'application/json', '{"email":')
    await raw('sign-in.json-string', 'application/json', '"text"')
    await raw('sign-in.empty-json-body', 'application/json', '')
  },
}
