import { ann, password, pause, type Scenario, withMail } from '../scenario.ts'

export const sessionExpiry: Scenario = {
  name: 'session-expiry',
  options: { build: mails => ({ emailAndPassword: withMail(mails), session: { expiresIn: 1 } }) },
  async run(side) {
    const browser = side.visitor()
    await browser.post('expiry.sign-up', '/sign-up/email', ann)
    const second = side.visitor()
    await second.post('expiry.second', '/sign-in/email', { email: ann.email, password })
    const forgetful = side.visitor()
    await forgetful.post('expiry.forgetful', '/sign-in/email', { email: ann.email, password, rememberMe: false })
    await pause(1200)
    await forgetful.get('expiry.forgetful-lives', '/list-sessions')
    await second.get('expiry.list-sessions', '/list-sessions')
    await second.post('expiry.update-user', '/update-user', { name: 'X' })
    await browser.get('expiry.expired', '/get-session')
  },
}

export const sessionRefresh: Scenario = {
  name: 'session-refresh',
  options: { build: mails => ({ emailAndPassword: withMail(mails), session: { expiresIn: 3600, updateAge: 1 } }) },
  async run(side) {
    const browser = side.visitor()
    const forgetful = side.visitor()
    await browser.post('refresh.sign-up', '/sign-up/email', ann)
    await forgetful.post('refresh.forgetful', '/sign-in/email', { email: ann.email, password, rememberMe: false })
    await browser.get('refresh.too-early', '/get-session')
    await pause(1200)
    await browser.get('refresh.switched-off', '/get-session?disableRefresh=true')
    await browser.get('refresh.due', '/get-session')
    await browser.get('refresh.not-twice', '/get-session')
    await forgetful.get('refresh.forgetful-never', '/get-session')
    await pause(1200)
    await browser.get('refresh.by-other-endpoint', '/list-sessions')
    await browser.get('refresh.after-other-endpoint', '/get-session')
    await pause(1200)
    await browser.post('refresh.by-update-user', '/update-user', { name: 'Ann B.' })
    await pause(1200)
    await browser.post('refresh.sign-out', '/sign-out', {})
  },
}

export const refreshAlways: Scenario = {
  name: 'refresh-always',
  options: { build: mails => ({ emailAndPassword: withMail(mails), session: { updateAge: 0 } }) },
  async run(side) {
    const browser = side.visitor()
    await browser.post('refresh-always.sign-up', '/sign-up/email', ann)
    await pause(20)
    await browser.get('refresh-always.session', '/get-session')
  },
}

export const refreshDisabled: Scenario = {
  name: 'refresh-disabled',
  options: {
    build: mails => ({ emailAndPassword: withMail(mails), session: { updateAge: 0, disableSessionRefresh: true } }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('refresh-disabled.sign-up', '/sign-up/email', ann)
    await browser.get('refresh-disabled.session', '/get-session')
  },
}

export const refreshDeferred: Scenario = {
  name: 'refresh-deferred',
  options: {
    build: mails => ({ emailAndPassword: withMail(mails), session: { updateAge: 0, deferSessionRefresh: true } }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('refresh-deferred.sign-up', '/sign-up/email', ann)
    await pause(20)
    await browser.get('refresh-deferred.get', '/get-session')
    await browser.get('refresh-deferred.get-no-refresh', '/get-session?disableRefresh=true')
    await browser.post('refresh-deferred.post', '/get-session', {})
    await browser.post('refresh-deferred.post-no-body', '/get-session', undefined)
    await side.visitor().get('refresh-deferred.no-session', '/get-session')
    await side.visitor().post('refresh-deferred.post-no-session', '/get-session', {})
  },
}
