import { readString } from '../exchange.ts'
import { ann, password, plainOptions, type Scenario } from '../scenario.ts'
import type { Side } from '../side.ts'

const credentials = { email: ann.email, password }

export const sessions: Scenario = {
  name: 'sessions',
  options: plainOptions,
  async run(side) {
    await side.visitor().post('sessions.account', '/sign-up/email', ann)
    await listing(side)
    await revoking(side)
    await signingOut(side)
    await updating(side)
  },
}

async function listing(side: Side): Promise<void> {
  const browser = side.visitor()
  await browser.post('list-sessions.sign-in', '/sign-in/email', credentials)
  await browser.client('list-sessions.ok', client => client.listSessions())
  await side.visitor().client('list-sessions.no-session', client => client.listSessions())
  await browser.post('list-sessions.post', '/list-sessions', {})
  const tampered = side.visitor()
  tampered.jar.set('better-auth.session_token', 'garbage.signature')
  await tampered.get('list-sessions.tampered', '/list-sessions')
}

async function revoking(side: Side): Promise<void> {
  const browser = side.visitor()
  const other = side.visitor()
  const stranger = side.visitor()
  await browser.post('revoke-session.sign-in', '/sign-in/email', credentials)
  const second = await other.post('revoke-session.second', '/sign-in/email', credentials)
  const foreign = await stranger.post('revoke-session.stranger', '/sign-up/email', { ...ann, email: 'bo@example.com' })
  await browser.client('revoke-session.other', client =>
    client.revokeSession({ token: readString(second.json, 'token') }),
  )
  await other.get('revoke-session.other-is-gone', '/get-session')
  await browser.post('revoke-session.unknown', '/revoke-session', { token: 'unknown' })
  await browser.post('revoke-session.foreign', '/revoke-session', { token: readString(foreign.json, 'token') })
  await stranger.get('revoke-session.foreign-lives', '/get-session')
  await browser.post('revoke-session.empty-object', '/revoke-session', {})
  await browser.post('revoke-session.no-body', '/revoke-session', undefined)
  await side.visitor().post('revoke-session.no-session', '/revoke-session', { token: 'x' })
  const own = decodeURIComponent(browser.jar.get('session_token')).split('.')[0]
  await browser.post('revoke-session.own', '/revoke-session', { token: own })
  await browser.get('revoke-session.own-is-gone', '/get-session')

  const keeper = side.visitor()
  const loser = side.visitor()
  await keeper.post('revoke-others.sign-in', '/sign-in/email', credentials)
  await loser.post('revoke-others.second', '/sign-in/email', credentials)
  await keeper.client('revoke-others.ok', client => client.revokeOtherSessions())
  await loser.get('revoke-others.other-is-gone', '/get-session')
  await keeper.get('revoke-others.own-lives', '/list-sessions')
  await side.visitor().post('revoke-others.no-session', '/revoke-other-sessions', {})

  await loser.post('revoke-all.second', '/sign-in/email', credentials)
  await keeper.client('revoke-all.ok', client => client.revokeSessions())
  await keeper.get('revoke-all.own-is-gone', '/get-session')
  await loser.get('revoke-all.other-is-gone', '/get-session')
  await side.visitor().post('revoke-all.no-session', '/revoke-sessions', undefined)
}

async function signingOut(side: Side): Promise<void> {
  const browser = side.visitor()
  await browser.post('sign-out.sign-in', '/sign-in/email', credentials)
  const kept = browser.jar.get('session_token')
  await browser.client('sign-out.ok', client => client.signOut())
  browser.jar.set('better-auth.session_token', kept)
  await browser.get('sign-out.session-is-gone', '/get-session')
  await side.visitor().client('sign-out.no-session', client => client.signOut())
  await side.visitor().post('sign-out.no-body', '/sign-out', undefined)
  await side.visitor().post('sign-out.empty-object', '/sign-out', {})
  const forgetful = side.visitor()
  await forgetful.post('sign-out.forgetful', '/sign-in/email', { ...credentials, rememberMe: false })
  await forgetful.post('sign-out.forgetful-out', '/sign-out', undefined)
  const tampered = side.visitor()
  tampered.jar.set('better-auth.session_token', 'garbage.signature')
  await tampered.post('sign-out.tampered', '/sign-out', {})
}

async function updating(side: Side): Promise<void> {
  const browser = side.visitor()
  await browser.post('update-session.sign-in', '/sign-in/email', credentials)
  await browser.post('update-session.empty', '/update-session', {})
  await browser.post('update-session.array', '/update-session', ['a'])
  await browser.post('update-session.string', '/update-session', 'text')
  await browser.post('update-session.null', '/update-session', null)
  await browser.post('update-session.no-body', '/update-session', undefined)
  await browser.post('update-session.unknown-key', '/update-session', { colour: 'red' })
  await browser.post('update-session.core-field', '/update-session', {
    expiresAt: '2999-01-01T00:00:00.000Z',
    userId: 'x',
  })
  await side.visitor().post('update-session.no-session', '/update-session', { colour: 'red' })
}
