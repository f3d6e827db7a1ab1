import { readdirSync, readFileSync } from 'node:fs'
import { createAuthClient } from 'better-auth/client'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { inviteCodes } from '../../examples/plugin/index.ts'
import { describeEveryDatabase } from '../support/every-database.ts'
import { startServer } from '../support/start-server.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'
import { type Visitor, visit as visitOf } from '../support/visitor.ts'

const ben = { ...ann, name: 'Ben', email: 'ben@example.com' }
const carrying = (code: unknown) => ({ headers: { 'x-invite-code': String(code) } })

describeEveryDatabase('the plugin of the guide', open => {
  async function withAnn() {
    const { auth } = createTestAuth({ database: await open(), plugins: [inviteCodes({ codesPerUser: 2 })] })
    await auth.createSchema()
    // The first user is the application's own.
    await auth.caller().signUp.email(ann)
    const visit = () => visitOf(auth)
    const rows = (model: string) => auth.context.adapter.findMany({ model, where: [] })
    const annes = visit()
    await annes.post('/sign-in/email', { email: ann.email, password: ann.password })
    return { visit, rows, annes, code: (await annes.post('/invite-code/create')).body.code }
  }
  const signUp = (browser: Visitor, code: unknown, who = ben) => browser.post('/sign-up/email', who, carrying(code))

  it('lets in whoever has a code, and nobody else', async () => {
    const { visit, code, rows } = await withAnn()
    expect((await visit().post('/sign-up/email', ben)).body.code).toBe('INVITE_CODE_REQUIRED')
    expect((await signUp(visit(), 'wrong')).body.code).toBe('INVALID_INVITE_CODE')
    expect(await rows('user')).toHaveLength(1)
    expect((await signUp(visit(), code)).status).toBe(200)
    const cid = { ...ann, email: 'cid@example.com' }
    expect((await signUp(visit(), code, cid)).body.code).toBe('INVALID_INVITE_CODE')
    expect(await rows('inviteCode')).toEqual([])
    expect(JSON.stringify(await rows('user'))).not.toContain(String(code))
  })

  it('takes a code once when many come at the same time', async () => {
    const { visit, code, rows } = await withAnn()
    const wishes = Array.from({ length: 8 }, (_, index) => ({ ...ann, email: `guest${index}@example.com` }))
    const answers = await Promise.all(wishes.map(wish => visit().post('/sign-up/email', wish, carrying(code))))
    expect(answers.map(({ status }) => status).filter(status => status === 200)).toHaveLength(1)
    expect(await rows('user')).toHaveLength(2)
  })

  it('gives no user more codes than allowed, asked for one by one or at once', async () => {
    const { annes, rows } = await withAnn()
    const answers = await Promise.all(Array.from({ length: 5 }, () => annes.post('/invite-code/create')))
    const refused = answers.filter(({ body }) => body.code === 'TOO_MANY_INVITE_CODES')
    expect(refused).toHaveLength(4)
    expect(await rows('inviteCode')).toHaveLength(2)
  })

  it('shows and revokes codes to their owner alone', async () => {
    const { annes, visit, code } = await withAnn()
    const bens = visit()
    await signUp(bens, code)
    const { id } = (await annes.post('/invite-code/create')).body
    const listed = await annes.get('/invite-code/list')
    expect(JSON.parse(listed.text)).toEqual([{ id, createdAt: expect.any(String) }])
    expect((await bens.get('/invite-code/list')).text).toBe('[]')
    const byBen = await bens.post('/invite-code/revoke', { id })
    expect([byBen.status, byBen.body]).toEqual([404, (await bens.post('/invite-code/revoke', { id: 'none' })).body])
    expect((await annes.post('/invite-code/revoke', { id })).status).toBe(200)
  })
})

describe('the plugin of the guide, from outside', () => {
  it('is typed for the tRPC client, and reached by the Better Auth client', async () => {
    const { client, url, origin, auth } = await startServer({ plugins: [inviteCodes()] })
    await auth.caller().signUp.email(ann)
    const own = client()
    await own.signIn.email.mutate({ email: ann.email, password: ann.password })
    const made = await own.inviteCode.create.mutate()
    expectTypeOf(made).toEqualTypeOf<{ id: string; code: string }>()
    const headers = { origin, ...carrying(made.code).headers }
    const browser = createAuthClient({ baseURL: url, fetchOptions: { headers } })
    const { data } = await browser.signUp.email(ben)
    expect(data?.user.email).toBe(ben.email)
    const paths = Object.keys(auth.openApiDocument().paths ?? {})
    expect(paths).toEqual(expect.arrayContaining(['/invite-code/create', '/invite-code/list', '/invite-code/revoke']))
  })
})

describe('docs/write-a-plugin.md', () => {
  const page = readFileSync(new URL('../../docs/write-a-plugin.md', import.meta.url), 'utf8')
  const folder = new URL('../../examples/plugin/', import.meta.url)

  it.each(readdirSync(folder))('shows %s as it is', file => {
    const code = readFileSync(new URL(file, folder), 'utf8').replace("'../../src/index.ts'", "'kernia'")
    expect(page).toContain(`\`\`\`ts\n// ${file}\n${code}\`\`\`\n`)
  })
})
