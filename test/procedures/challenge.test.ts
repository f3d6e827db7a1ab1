import { describe, expect, it } from 'vitest'
import { definePlugin, memoryAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { cookieOf, postJson, rawRequest } from '../support/raw-request.ts'
import { secondStep } from '../support/second-step-plugin.ts'
import { startServer } from '../support/start-server.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'

async function startWithCareful() {
  const database = countingDatabase(memoryAdapter())
  const server = await startServer({ database, plugins: [secondStep()] })
  const signedUp = await postJson(server.origin, '/api/auth/sign-up/email', { ...ann, secondStepOn: true })
  const { id } = JSON.parse(signedUp.text).user
  await server.auth.context.adapter.deleteMany({ model: 'session', where: [] })
  database.calls.length = 0
  return { ...server, database, challenge: { secondStep: true, userId: id, methods: ['code'] } }
}

describe('a challenge in the place of a session', () => {
  it('answers by REST, without a session or a cookie', async () => {
    const { origin, database, challenge } = await startWithCareful()
    const answer = await postJson(origin, '/api/auth/sign-in/email', ann)
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, challenge])
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(database.calls).not.toContain('create session')
  })

  it('answers by tRPC and in process alike', async () => {
    const { auth, client, database, challenge } = await startWithCareful()
    const browser = client()
    expect(await browser.signIn.email.mutate(ann)).toEqual(challenge)
    expect(await browser.session.get.query()).toBeNull()
    const resHeaders = new Headers()
    expect(await auth.caller({ headers: {}, resHeaders }).signIn.email(ann)).toEqual(challenge)
    expect(resHeaders.getSetCookie()).toEqual([])
    expect(database.calls).not.toContain('create session')
  })

  it('comes only after the right password', async () => {
    const { origin } = await startWithCareful()
    const wrong = await postJson(origin, '/api/auth/sign-in/email', { ...ann, password: 'wrong password' })
    expect([wrong.status, JSON.parse(wrong.text).code]).toEqual([401, 'INVALID_CREDENTIALS'])
  })

  it('is met by the second step, which makes the session', async () => {
    const { client } = await startWithCareful()
    const browser = client()
    const answer = await browser.signIn.email.mutate(ann)
    if (!('secondStep' in answer)) throw new Error('expected a challenge')
    await expect(browser.signIn.secondStep.mutate({ userId: answer.userId, code: '0' })).rejects.toMatchObject({
      data: { authCode: 'WRONG_CODE' },
    })
    const { token } = await browser.signIn.secondStep.mutate({ userId: answer.userId, code: '123456' })
    const current = await browser.session.get.query()
    expect(current?.session).toMatchObject({ token, secondStep: true })
  })

  it('does not concern those who have it off', async () => {
    const { origin } = await startServer({ plugins: [secondStep()] })
    await postJson(origin, '/api/auth/sign-up/email', ann)
    const headers = { cookie: cookieOf(await postJson(origin, '/api/auth/sign-in/email', ann)) }
    const session = await rawRequest(origin, { path: '/api/auth/get-session', headers })
    expect(JSON.parse(session.text).session.secondStep).toBeNull()
  })

  it('is the one of the first plugin that asks for one', async () => {
    const asked: string[] = []
    const other = definePlugin({
      id: 'other',
      hooks: {
        credentialVerified: () => {
          asked.push('other')
          return { other: true }
        },
      },
    })
    const { auth } = createTestAuth({ plugins: [secondStep(), other] })
    await auth.caller().signUp.email({ ...ann, secondStepOn: true })
    expect(await auth.caller().signIn.email(ann)).toMatchObject({ secondStep: true })
    expect(asked).toEqual([])
  })

  it('that the plugin does not declare does not leave', async () => {
    const careless = definePlugin({ id: 'careless', hooks: { credentialVerified: () => ({ passwordHash: 'x' }) } })
    const { origin, log } = await startServer({ plugins: [careless] })
    await postJson(origin, '/api/auth/sign-up/email', ann)
    const answer = await postJson(origin, '/api/auth/sign-in/email', ann)
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('passwordHash')
    expect(log).toHaveLength(1)
  })

  it('is in the OpenAPI document, beside the session', () => {
    const { auth } = createTestAuth({ plugins: [secondStep()] })
    const operation = auth.openApiDocument().paths?.['/sign-in/email']?.post
    const schema = operation?.responses?.['200']?.content?.['application/json']?.schema
    expect(schema?.anyOf?.map(({ properties = {} }) => Object.keys(properties))).toEqual([
      expect.arrayContaining(['token', 'user', 'redirect']),
      ['secondStep', 'userId', 'methods'],
    ])
    const plain = createTestAuth().auth.openApiDocument().paths?.['/sign-in/email']?.post
    const plainSchema = plain?.responses?.['200']?.content?.['application/json']?.schema
    expect(plainSchema).toBeDefined()
    expect(plainSchema).not.toHaveProperty('anyOf')
  })
})
