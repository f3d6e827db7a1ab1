import { createAuthClient } from 'better-auth/client'
import { usernameClient } from 'better-auth/client/plugins'
import { describe, expect, it } from 'vitest'
import { createCookieFetch } from '../../../clients/cookie-fetch.ts'
import { type UsernameOptions, username } from '../../../routers/username/index.ts'
import type { KerniaOptions } from '../../../src/index.ts'
import { createRequestContext } from '../../../src/request.ts'
import { updateUser } from '../../../src/users.ts'
import { secondStep } from '../../support/second-step-plugin.ts'
import { startServer } from '../../support/start-server.ts'
import { ann, createTestAuth } from '../../support/test-auth.ts'
import { visit } from '../../support/visitor.ts'
import { createMailing } from '../mailing.ts'

const anna = { ...ann, username: 'Anna_1' }
const { password } = ann

function start(options: UsernameOptions = {}, more: KerniaOptions = {}) {
  const test = createTestAuth({ ...more, plugins: [username(options)] })
  const users = () => test.auth.context.adapter.findMany({ model: 'user', where: [] })
  return { ...test, users, visit: () => visit(test.auth) }
}

describe('username', () => {
  it('is driven by the official client', async () => {
    const { url, origin } = await startServer({ plugins: [username()] })
    const keepCookies = createCookieFetch({ url })
    const client = createAuthClient({
      baseURL: url,
      fetchOptions: {
        customFetchImpl: (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set('origin', origin)
          return keepCookies(input, { ...init, headers })
        },
      },
      plugins: [usernameClient()],
    })
    expect((await client.isUsernameAvailable({ username: 'Anna_1' })).data).toEqual({ available: true })
    const signedUp = await client.signUp.email({ ...anna, displayUsername: 'Anna the 1st' })
    expect(signedUp.data?.user).toMatchObject({ username: 'anna_1', displayUsername: 'Anna the 1st' })
    expect((await client.isUsernameAvailable({ username: 'ANNA_1' })).data).toEqual({ available: false })
    await client.signOut()
    const signedIn = await client.signIn.username({ username: 'aNNa_1', password })
    expect(signedIn.data?.user).toMatchObject({ username: 'anna_1', email: ann.email })
    expect((await client.updateUser({ username: 'Annie' })).error).toBeNull()
    expect((await client.getSession()).data?.user).toMatchObject({ username: 'annie', displayUsername: 'Anna the 1st' })
    const wrong = await client.signIn.username({ username: 'annie', password: 'not the password' })
    expect(wrong.error).toMatchObject({ status: 401, code: 'INVALID_USERNAME_OR_PASSWORD' })
  })

  it('is typed from init to the caller', async () => {
    const { auth } = createTestAuth({ plugins: [username()] })
    const { user } = await auth.caller().signUp.email(anna)
    const name: string | null | undefined = user.username
    expect(name).toBe('anna_1')
    const answer = await auth.caller().signIn.username({ username: 'anna_1', password })
    expect(answer.user.displayUsername).toBe('Anna_1')
  })

  it('is checked at sign-up and update with 400, at sign-in and in advance with 422', async () => {
    const { visit } = start()
    const visitor = visit()
    await visitor.post('/sign-up/email', anna)
    const names = { an: 'USERNAME_TOO_SHORT', [`${'a'.repeat(31)}`]: 'USERNAME_TOO_LONG', 'an na': 'INVALID_USERNAME' }
    for (const [name, code] of Object.entries(names)) {
      const other = { ...ann, email: 'other@example.com', username: name }
      for (const answer of [
        await visit().post('/sign-up/email', other),
        await visitor.post('/update-user', { username: name }),
        await visit().post('/sign-up/username', other),
      ]) {
        expect([answer.status, answer.body.code]).toEqual([400, code])
      }
      for (const path of ['/sign-in/username', '/is-username-available']) {
        const { status, body } = await visit().post(path, { username: name, password })
        expect([status, body.code]).toEqual([422, code])
      }
    }
  })

  it('takes lengths, validators and normalisation of the application', async () => {
    const { visit, users } = start({
      minUsernameLength: 1,
      maxUsernameLength: 2,
      usernameValidator: async name => /^[äÄ]+$/.test(name),
      usernameNormalization: name => name.normalize('NFC').toUpperCase(),
      displayUsernameNormalization: name => name.trim(),
      displayUsernameValidator: name => name !== 'root',
    })
    const next = (fields: object) =>
      visit().post('/sign-up/email', { ...ann, email: `${Math.random()}@x.com`, ...fields })
    expect((await next({ username: 'ää', displayUsername: ' Ä ' })).body.user).toMatchObject({
      username: 'ÄÄ',
      displayUsername: 'Ä',
    })
    expect((await next({ username: 'Ä', displayUsername: 'root' })).body.code).toBe('INVALID_DISPLAY_USERNAME')
    expect((await next({ username: 'Ää' })).body.code).toBe('USERNAME_IS_ALREADY_TAKEN')
    expect((await next({ username: 'o' })).body.code).toBe('INVALID_USERNAME')
    expect(await users()).toHaveLength(1)
    expect((await visit().post('/sign-in/username', { username: 'ää', password })).status).toBe(200)
  })

  it('may be kept as it was sent', async () => {
    const { visit } = start({ usernameNormalization: false })
    await visit().post('/sign-up/email', anna)
    expect((await visit().post('/sign-in/username', { username: 'anna_1', password })).status).toBe(401)
    expect((await visit().post('/sign-in/username', { username: 'Anna_1', password })).status).toBe(200)
  })

  it('is checked before or after it is normalised, as the application says', async () => {
    const isLower = (name: string) => name === name.toLowerCase()
    const order = { username: 'post-normalization', displayUsername: 'post-normalization' } as const
    const checks = { usernameValidator: isLower, displayUsernameValidator: isLower }
    const lower = (name: string) => name.toLowerCase()
    const after = start({ ...checks, displayUsernameNormalization: lower, validationOrder: order })
    expect((await after.visit().post('/sign-up/email', anna)).status).toBe(200)
    expect((await start(checks).visit().post('/sign-up/email', anna)).body.code).toBe('INVALID_USERNAME')
  })

  it('is stored in its one spelling whoever writes it', async () => {
    const { auth, visit } = start()
    await visit().post('/sign-up/email', anna)
    const request = createRequestContext(auth.context, { headers: new Headers(), sendHeader: () => undefined })
    const [user] = await auth.context.adapter.findMany({ model: 'user', where: [] })
    const call = { ...request, outgoing: [], unfinished: new Map(), seen: {} }
    expect(await updateUser(call, String(user?.id), { username: 'ANNIE' })).toMatchObject({ username: 'annie' })
  })

  it('refuses lengths that make no sense', () => {
    for (const options of [{ minUsernameLength: 9, maxUsernameLength: 8 }, { maxUsernameLength: 300 }]) {
      expect(() => username(options)).toThrow('minUsernameLength')
    }
  })

  it('has the names in the database that the application wants', () => {
    const { auth } = start({ schema: { user: { fields: { username: 'user_name' } } } })
    expect(auth.context.schema.user?.fields.username).toMatchObject({ fieldName: 'user_name', unique: true })
  })
})

describe('a sign-in by username [control 8]', () => {
  it('answers a wrong password and an unknown name alike, with the same work', async () => {
    const hashes: string[] = []
    const hash = async (plain: string) => {
      hashes.push('hash')
      return `hashed ${plain}`
    }
    const verify = async ({ hash: stored, password: plain }: { hash: string; password: string }) => {
      hashes.push('verify')
      return stored === `hashed ${plain}`
    }
    const { visit } = start({}, { emailAndPassword: { password: { hash, verify } } })
    await visit().post('/sign-up/email', anna)
    hashes.length = 0
    const wrong = await visit().post('/sign-in/username', { username: 'anna_1', password: 'not the password' })
    const unknown = await visit().post('/sign-in/username', { username: 'nobody', password: 'not the password' })
    expect([wrong.status, wrong.text]).toEqual([unknown.status, unknown.text])
    expect(hashes).toEqual(['verify', 'hash'])
  })

  it('asks for the proof of the address, and mails it, once the password is known', async () => {
    const mailing = createMailing()
    const { visit } = start(
      {},
      {
        emailAndPassword: { requireEmailVerification: true },
        emailVerification: { ...mailing.emailVerification, sendOnSignIn: true, sendOnSignUp: false },
        advanced: mailing.advanced,
      },
    )
    await visit().post('/sign-up/email', anna)
    const signIn = (given: string) => visit().post('/sign-in/username', { username: 'anna_1', password: given })
    expect((await signIn('not the password')).status).toBe(401)
    expect(await mailing.take()).toEqual([])
    const refused = await signIn(password)
    expect([refused.status, refused.body.code]).toEqual([403, 'EMAIL_NOT_VERIFIED'])
    expect(await mailing.take()).toEqual([`verify ${ann.email}`])
  })

  it('is interrupted by a second step, before there is a session [A11, control 17]', async () => {
    const { auth } = createTestAuth({ plugins: [username(), secondStep()] })
    const visitor = visit(auth)
    await visitor.post('/sign-up/email', { ...anna, secondStepOn: true })
    await auth.context.adapter.deleteMany({ model: 'session', where: [] })
    const answer = await visit(auth).post('/sign-in/username', { username: 'anna_1', password })
    expect([answer.status, answer.body.secondStep, answer.setCookies]).toEqual([200, true, {}])
    expect(await auth.context.adapter.count({ model: 'session' })).toBe(0)
  })

  it('slows down whoever guesses, for names that do not exist as well, and apart from sign-ins by address', async () => {
    const { visit } = start({}, { rateLimit: { enabled: true, customRules: { '/sign-in/**': false } } })
    await visit().post('/sign-up/email', anna, { socketAddress: '192.0.2.1' })
    const from = (index: number) => ({ socketAddress: `198.51.100.${index}` })
    for (const name of ['anna_1', 'nobody']) {
      const guess = (index: number) =>
        visit().post('/sign-in/username', { username: name, password: 'not the password' }, from(index))
      const statuses = []
      for (let index = 0; index < 12; index++) statuses.push((await guess(index)).status)
      expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
    }
    expect((await visit().post('/sign-in/email', ann, from(50))).status).toBe(200)
  })
})

describe('a sign-up by username', () => {
  it('needs no address', async () => {
    const mailing = createMailing()
    const { visit, users } = start(
      {},
      { ...mailing, emailVerification: { ...mailing.emailVerification, sendOnSignUp: true } },
    )
    const visitor = visit()
    const { status, body } = await visitor.post('/sign-up/username', { username: 'Anna_1', password })
    expect([status, body.user]).toMatchObject([
      200,
      {
        username: 'anna_1',
        displayUsername: 'Anna_1',
        name: 'Anna_1',
        email: 'anna_1@username.local',
        emailVerified: false,
      },
    ])
    expect((await visitor.get('/get-session')).body.user).toMatchObject({ username: 'anna_1' })
    expect(await mailing.take()).toEqual([])
    const again = await visit().post('/sign-up/username', { username: 'ANNA_1', password })
    expect([again.status, again.body.code]).toEqual([400, 'USERNAME_IS_ALREADY_TAKEN'])
    expect((await visit().post('/sign-up/username', { username: 'anna_2', password: 'short' })).body.code).toBe(
      'PASSWORD_TOO_SHORT',
    )
    expect(await users()).toHaveLength(1)
    expect((await visit().post('/sign-in/username', { username: 'anna_1', password })).status).toBe(200)
  })

  it('takes an address, which is mailed to', async () => {
    const mailing = createMailing()
    const { visit } = start({}, { ...mailing, emailVerification: { ...mailing.emailVerification, sendOnSignUp: true } })
    const given = { username: 'anna', displayUsername: 'Anna!', password, email: 'Ann@Example.com', name: 'Ann' }
    const { body } = await visit().post('/sign-up/username', given)
    expect(body.user).toMatchObject({ username: 'anna', displayUsername: 'Anna!', name: 'Ann', email: ann.email })
    expect(await mailing.take()).toEqual([`verify ${ann.email}`])
    const taken = await visit().post('/sign-up/username', { ...given, username: 'other' })
    expect([taken.status, taken.body.code]).toEqual([409, 'EMAIL_ALREADY_IN_USE'])
  })

  it('demands an address where addresses have to be proven', async () => {
    const { visit, users } = start({}, { emailAndPassword: { requireEmailVerification: true } })
    const { status, body } = await visit().post('/sign-up/username', { username: 'anna', password })
    expect([status, body.code, body.message]).toEqual([400, 'MISSING_FIELD', 'email is required'])
    expect(await users()).toEqual([])
  })

  it('tells nothing about addresses by a name that is refused [control 9]', async () => {
    const { visit } = start({}, { emailAndPassword: { autoSignIn: false } })
    await visit().post('/sign-up/email', anna)
    for (const name of ['an', 'anna_1']) {
      const next = (email: string) => visit().post('/sign-up/email', { ...ann, email, username: name })
      const [taken, free] = [await next(ann.email), await next('free@example.com')]
      expect([taken.status, taken.text]).toEqual([free.status, free.text])
      expect(taken.status).toBe(400)
    }
    const synthetic = await visit().post('/sign-up/email', { ...ann, username: 'Free_1' })
    expect([synthetic.status, synthetic.body.user?.username]).toEqual([200, 'free_1'])
  })
})
