import { ann, plainOptions, type Scenario, withMail } from '../scenario.ts'
import { secret } from '../servers.ts'
import { signCookie } from '../set-cookie.ts'

export const getSession: Scenario = {
  name: 'get-session',
  options: plainOptions,
  async run(side) {
    const browser = side.visitor()
    await browser.client('get-session.none', client => client.getSession())
    await browser.raw('get-session.account', {
      method: 'POST',
      path: '/sign-up/email',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Wire/1.0',
        'x-forwarded-for': '203.0.113.7, 10.0.0.1',
      },
      body: JSON.stringify(ann),
    })
    await browser.client('get-session.ok', client => client.getSession())
    await browser.get('get-session.no-cookie-cache', '/get-session?disableCookieCache=true')
    await browser.get('get-session.flag-false', '/get-session?disableCookieCache=false')
    await browser.get('get-session.no-refresh', '/get-session?disableRefresh=true')
    await browser.get('get-session.unknown-query', '/get-session?x=1')
    await browser.post('get-session.post', '/get-session', {})
    await side.visitor().post('get-session.post-no-session', '/get-session', undefined)
    await browser.raw('get-session.bearer', {
      path: '/get-session',
      headers: { cookie: undefined, authorization: 'Bearer x' },
    })

    const name = browser.jar.names().find(each => each.endsWith('session_token')) ?? ''
    const good = browser.jar.get('session_token')
    const withToken = (step: string, value: string) =>
      side.visitor().raw(`get-session.${step}`, { path: '/get-session', headers: { cookie: `${name}=${value}` } })
    const token = decodeURIComponent(good).split('.')[0] ?? ''
    await withToken('unsigned', token)
    await withToken(
      'tampered-token',
      good.replace(/^./, first => (first === 'a' ? 'b' : 'a')),
    )
    await withToken('tampered-signature', encodeURIComponent(`${token}.${'A'.repeat(43)}=`))
    await withToken('wrong-secret', encodeURIComponent(signCookie(token, 'another-secret-another-secret-another')))
    await withToken('unknown-token', encodeURIComponent(signCookie('N0SuchT0kenN0SuchT0kenN0SuchT0ken', secret)))
    await withToken('empty', '')
    await withToken('not-encoded', decodeURIComponent(good))
    await withToken('bad-encoding', '%E0%A4%A')
    await withToken('twice', `${good}; ${name}=other`)
    await withToken('second-of-two', `other; ${name}=${good}`)
    await side
      .visitor()
      .raw('get-session.spaces', { path: '/get-session', headers: { cookie: `a=1;${name}=${good};b=2` } })
    await side
      .visitor()
      .raw('get-session.secure-name', { path: '/get-session', headers: { cookie: `__Secure-${name}=${good}` } })
    await side.visitor().raw('get-session.garbage-cache', {
      path: '/get-session',
      headers: { cookie: `${name}=${good}; better-auth.session_data=garbage` },
    })
    await side.visitor().raw('get-session.forged-cache', {
      path: '/get-session',
      headers: {
        cookie: `${name}=${good}; better-auth.session_data=${Buffer.from('{"session":{},"expiresAt":1,"signature":"x"}').toString('base64url')}`,
      },
    })
  },
}

/** What ipAddress becomes of what a proxy says. */
export const clientAddress: Scenario = {
  name: 'client-address',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      advanced: { ipAddress: { ipAddressHeaders: ['x-real-ip', 'x-forwarded-for'] } },
    }),
  },
  async run(side) {
    const addresses = {
      v4: '203.0.113.7',
      list: ' 203.0.113.7 , 10.0.0.1',
      v6: '2001:db8:1:2:3:4:5:6',
      mapped: '::ffff:203.0.113.7',
      invalid: 'unknown',
      port: '203.0.113.7:1234',
      loopback: '::1',
    }
    for (const [name, address] of Object.entries(addresses)) {
      const browser = side.visitor()
      await browser.post(
        `address.${name}-sign-up`,
        '/sign-up/email',
        { ...ann, email: `${name}@example.com` },
        {
          headers: { 'x-forwarded-for': address, 'user-agent': `agent ${name}` },
        },
      )
      await browser.get(`address.${name}`, '/get-session')
    }
    const real = side.visitor()
    await real.post('address.x-real-ip-sign-up', '/sign-up/email', ann, { headers: { 'x-real-ip': '203.0.113.8' } })
    await real.get('address.x-real-ip', '/get-session')
  },
}
