import { usernameClient } from 'better-auth/client/plugins'
import type { UsernameOptions } from 'better-auth/plugins'
import { username } from 'better-auth/plugins'
import { ann, password, type Scenario, withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import type { Side } from '../side.ts'

const plugins = [usernameClient()]
const anna = { ...ann, username: 'Anna_1', displayUsername: 'Anna the 1st' }

function withUsername(settings: UsernameOptions = {}, passwords: object = {}): OptionSet {
  return {
    build: mails => ({
      emailAndPassword: { ...withMail(mails), ...passwords },
      emailVerification: {
        sendVerificationEmail: async data => void mails.push({ kind: 'verify', ...data }),
        sendOnSignIn: true,
      },
      plugins: [username(settings)],
    }),
    ourPlugins: async () => [(await import('../../../routers/username/index.ts')).username(settings)],
  }
}

const usernames: Scenario = {
  name: 'username',
  options: withUsername(),
  async run(side) {
    const browser = side.visitor()
    await browser.client('username.sign-up', client => client.signUp.email(anna), plugins)
    await browser.get('username.session', '/get-session')
    await signUps(side)
    await signIns(side)
    await availability(side)
    const update = (step: string, body: unknown) => browser.post(`username.update-${step}`, '/update-user', body)
    await update('short', { username: 'an' })
    await update('long', { username: 'a'.repeat(31) })
    await update('invalid', { username: 'an na' })
    await update('taken', { username: 'ANN_2' })
    await update('own', { username: 'anna_1' })
    await update('ok', { username: 'Anna_New' })
    await update('display', { displayUsername: 'Shown' })
    await update('empty', { username: '' })
    await update('number', { username: 5 })
    await browser.get('username.session-updated', '/get-session')
  },
}

async function signUps(side: Side): Promise<void> {
  const next = (step: string, fields: object) =>
    side
      .visitor()
      .post(`username.sign-up-${step}`, '/sign-up/email', { ...ann, email: `${step}@example.com`, ...fields })
  await next('without', {})
  await next('only-username', { username: 'Ann_2' })
  await next('only-display', { displayUsername: 'Ann_3' })
  await next('taken', { username: 'anna_1' })
  await next('taken-in-capitals', { username: 'ANNA_1' })
  await next('short', { username: 'an' })
  await next('long', { username: 'a'.repeat(31) })
  await next('invalid', { username: 'an na' })
  await next('invalid-display', { displayUsername: 'Ann the 4th' })
  await next('empty', { username: '' })
  await next('null', { username: null })
  await next('number', { username: 5 })
  await next('address-taken', { username: 'free_name', email: ann.email })
  await next('address-and-name-taken', { username: 'anna_1', email: ann.email })
}

async function signIns(side: Side): Promise<void> {
  const browser = side.visitor()
  await browser.client('username.sign-in', client => client.signIn.username({ username: 'Anna_1', password }), plugins)
  await browser.get('username.sign-in-session', '/get-session')
  await side
    .visitor()
    .client(
      'username.sign-in-callback',
      client => client.signIn.username({ username: 'anna_1', password, callbackURL: '/home' }),
      plugins,
    )
  const next = (step: string, body: unknown) =>
    side.visitor().post(`username.sign-in-${step}`, '/sign-in/username', body)
  await next('capitals', { username: 'ANNA_1', password })
  await next('not-remembered', { username: 'anna_1', password, rememberMe: false })
  await next('wrong', { username: 'anna_1', password: 'not the password' })
  await next('unknown', { username: 'nobody', password })
  await next('short', { username: 'an', password })
  await next('long', { username: 'a'.repeat(31), password })
  await next('invalid', { username: 'an na', password })
  await next('by-email', { username: ann.email, password })
  await next('no-password', { username: 'anna_1', password: '' })
  await next('no-username', { username: '', password })
  await next('foreign-callback', { username: 'anna_1', password, callbackURL: 'https://evil.example/' })
  await next('empty', {})
  await next('number', { username: 1, password })
}

async function availability(side: Side): Promise<void> {
  await side
    .visitor()
    .client('username.available', client => client.isUsernameAvailable({ username: 'nobody' }), plugins)
  const next = (step: string, body: unknown) =>
    side.visitor().post(`username.available-${step}`, '/is-username-available', body)
  await next('taken', { username: 'anna_1' })
  await next('capitals', { username: 'ANNA_1' })
  await next('short', { username: 'an' })
  await next('long', { username: 'a'.repeat(31) })
  await next('invalid', { username: 'an na' })
  await next('no-name', { username: '' })
  await next('empty', {})
}

const usernameOptions: Scenario = {
  name: 'username-options',
  options: withUsername(
    {
      minUsernameLength: 5,
      maxUsernameLength: 8,
      usernameValidator: name => /^[A-Z]/.test(name),
      displayUsernameValidator: name => name !== 'root',
      usernameNormalization: name => name.toUpperCase(),
      displayUsernameNormalization: name => name.trim(),
    },
    { requireEmailVerification: true },
  ),
  async run(side) {
    const next = (step: string, fields: object) =>
      side
        .visitor()
        .post(`username-options.${step}`, '/sign-up/email', { ...ann, email: `${step}@example.com`, ...fields })
    await next('ok', { username: 'Annabel', displayUsername: ' Annabel ' })
    await next('invalid', { username: 'annabel' })
    await next('short', { username: 'Anna' })
    await next('long', { username: 'Annabella' })
    await next('display', { username: 'Annabe3', displayUsername: 'root' })
    await next('address-taken', { username: 'Annabe2', email: 'ok@example.com' })
    const signIn = (step: string, body: unknown) =>
      side.visitor().post(`username-options.${step}`, '/sign-in/username', body)
    await signIn('not-verified', { username: 'Annabel', password })
    await signIn('not-verified-wrong', { username: 'Annabel', password: 'not the password' })
    await signIn('capitals', { username: 'ANNABEL', password, callbackURL: '/home' })
    await signIn('invalid-name', { username: 'annabel', password })
  },
}

export const usernameScenarios = [usernames, usernameOptions]
