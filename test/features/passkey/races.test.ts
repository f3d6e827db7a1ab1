import { expect, it } from 'vitest'
import { createSoftAuthenticator, type RequestOptions } from '../../../src/testing/index.ts'
import { describeEveryInstance } from '../every-instance.ts'
import { ORIGIN, register, send, startRegistered } from './page.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

describeEveryInstance('passkeys at the same time [control 12]', start => {
  it('of 50 uses of one challenge exactly one signs in', async () => {
    const { visit, authenticator, rows } = await startRegistered({}, { start })
    const browser = visit()
    const { body } = await browser.get('/passkey/generate-authenticate-options')
    const response = authenticator.get(body as unknown as RequestOptions, { origin: ORIGIN })
    const answers = await Promise.all(times(50, () => send(browser, 'authentication', response)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status !== 200) expect([status, body.code]).toEqual([400, 'CHALLENGE_NOT_FOUND'])
    }
    expect(await rows('session')).toHaveLength(2)
  })

  it('of two signatures with one count exactly one signs in [control 24]', async () => {
    const { visit, authenticator } = await startRegistered({}, { start, counts: true })
    const pages = await Promise.all(
      times(5, async () => {
        const browser = visit()
        const { body } = await browser.get('/passkey/generate-authenticate-options')
        const options = body as unknown as RequestOptions
        return { browser, response: authenticator.get(options, { origin: ORIGIN, counter: 9 }) }
      }),
    )
    const answers = await Promise.all(pages.map(({ browser, response }) => send(browser, 'authentication', response)))
    expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([
      200,
      ...times(4, () => 'CLONE_SUSPECTED'),
    ])
  })

  it('of the last two passkeys one stays [control 27]', async () => {
    const { browser, registered, auth, rows } = await startRegistered({}, { start })
    const second = await register(browser, createSoftAuthenticator())
    await auth.context.adapter.deleteMany({ model: 'account', where: [] })
    const ids = [registered.body.id, second.body.id]
    const answers = await Promise.all(ids.map(id => browser.post('/passkey/delete-passkey', { id })))
    expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([200, 'LAST_PASSKEY'])
    expect(await rows('passkey')).toHaveLength(1)
  })
})
