import { ann, password, plainOptions, type Scenario } from '../scenario.ts'

export const signUp: Scenario = {
  name: 'sign-up',
  options: plainOptions,
  async run(side) {
    const browser = side.visitor()
    await browser.client('sign-up.ok', client => client.signUp.email(ann))
    await browser.get('sign-up.session', '/get-session')
    await browser.client('sign-up.existing', client => client.signUp.email(ann))
    const upper = { ...ann, email: 'ANN@Example.com' }
    await browser.client('sign-up.existing-other-case', client => client.signUp.email(upper))

    const next = (step: string, body: unknown) => side.visitor().post(step, '/sign-up/email', body)
    await next('sign-up.upper-case', { name: 'Bo', email: 'BO@Example.COM', password })
    await next('sign-up.image', { name: 'Cy', email: 'cy@example.com', password, image: 'https://example.com/cy.png' })
    await next('sign-up.image-null', { name: 'Cy2', email: 'cy2@example.com', password, image: null })
    await next('sign-up.image-empty', { name: 'Cy3', email: 'cy3@example.com', password, image: '' })
    await next('sign-up.not-remembered', { name: 'Di', email: 'di@example.com', password, rememberMe: false })
    await next('sign-up.callback', { name: 'Ed', email: 'ed@example.com', password, callbackURL: '/welcome' })
    await next('sign-up.foreign-callback', {
      name: 'Ed',
      email: 'ed2@example.com',
      password,
      callbackURL: 'https://evil.example',
    })
    await next('sign-up.unknown-key', {
      name: 'Fy',
      email: 'fy@example.com',
      password,
      emailVerified: true,
      role: 'admin',
    })
    await next('sign-up.client-id', { name: 'Fz', email: 'fz@example.com', password, id: 'chosen-by-the-client' })
    await next('sign-up.name-empty', { name: '', email: 'gil@example.com', password })
    await next('sign-up.name-missing', { email: 'gil2@example.com', password })
    await next('sign-up.name-number', { name: 5, email: 'gil3@example.com', password })
    await next('sign-up.email-padded', { name: 'Hal', email: ' hal@example.com ', password })
    await next('sign-up.email-invalid', { name: 'Hal', email: 'not-an-address', password })
    await next('sign-up.email-missing', { name: 'Hal', password })
    await next('sign-up.password-empty', { name: 'Hal', email: 'hal@example.com', password: '' })
    await next('sign-up.password-missing', { name: 'Hal', email: 'hal@example.com' })
    await next('sign-up.password-short', { name: 'Hal', email: 'hal@example.com', password: '1234567' })
    await next('sign-up.password-long', { name: 'Hal', email: 'hal@example.com', password: 'x'.repeat(129) })
    await next('sign-up.password-8', { name: 'Hal', email: 'hal8@example.com', password: '12345678' })
    await next('sign-up.password-128', { name: 'Hal', email: 'hal128@example.com', password: 'x'.repeat(128) })
    await next('sign-up.password-not-ascii', { name: 'Hal', email: 'halu@example.com', password: '🔑🔑🔑🔑' })
    await next('sign-up.empty-object', {})
    await next('sign-up.array', [])
    await next('sign-up.no-body', undefined)
    await side.visitor().raw('sign-up.form', {
      method: 'POST',
      path: '/sign-up/email',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ name: 'Ike', email: 'ike@example.com', password }).toString(),
    })
    await side.visitor().raw('sign-up.cross-site', {
      method: 'POST',
      path: '/sign-up/email',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      body: JSON.stringify({ name: 'Jo', email: 'jo@example.com', password }),
    })
  },
}
