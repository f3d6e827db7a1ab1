import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { countingDatabase } from '../support/counting-database.ts'
import { postJson, rawRequest } from '../support/raw-request.ts'
import { mounts, startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

const path = '/api/auth/sign-up/email'
const json = { 'content-type': 'application/json' }

describe.each(Object.entries(mounts))('a request body, %s', (_name, mount) => {
  it('that is no JSON is refused', async () => {
    const { origin } = await startServer({}, mount)
    for (const body of ['{', '{"email": ', 'undefined', "{'a':1}", '\u0000']) {
      const answer = await postJson(origin, path, body)
      expect([body, answer.status]).toEqual([body, 400])
      expect(JSON.parse(answer.text)).toEqual({ message: 'Invalid JSON in request body', code: 'BAD_REQUEST' })
    }
  })

  it('that is missing is told field by field', async () => {
    const { origin } = await startServer({}, mount)
    const answer = await rawRequest(origin, { method: 'POST', path, headers: json })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text).code).toBe('VALIDATION_ERROR')
  })

  it('of another type is refused', async () => {
    const { origin } = await startServer({}, mount)
    const body = JSON.stringify(ann)
    const types = [
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/jsonp',
      'application/problem+json',
      'nonsense',
    ]
    for (const type of types) {
      const answer = await rawRequest(origin, { method: 'POST', path, headers: { 'content-type': type }, body })
      expect([type, answer.status, JSON.parse(answer.text).code]).toEqual([type, 415, 'UNSUPPORTED_MEDIA_TYPE'])
    }
    const untyped = await rawRequest(origin, { method: 'POST', path, body })
    expect(untyped.status).toBe(415)
    // Forms are for procedures that establish a session.
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const reset = '/api/auth/request-password-reset'
    const asForm = await rawRequest(origin, { method: 'POST', path: reset, headers: form, body: 'email=a%40b.co' })
    expect(asForm.status).toBe(415)
  })

  it('may name its charset', async () => {
    const { origin } = await startServer({}, mount)
    const body = JSON.stringify(ann)
    const send = (type: string) => rawRequest(origin, { method: 'POST', path, headers: { 'content-type': type }, body })
    expect((await send('application/json; charset=utf-8')).status).toBe(200)
    expect((await send('APPLICATION/JSON')).status).toBe(409)
  })

  it('over 1 MiB is refused, whether or not it says its length', async () => {
    const database = countingDatabase(memoryAdapter())
    const { origin } = await startServer({ database }, mount)
    const body = JSON.stringify({ ...ann, name: 'x'.repeat(1024 * 1024) })
    for (const isChunked of [false, true]) {
      const answer = await rawRequest(origin, { method: 'POST', path, headers: json, body, isChunked })
      expect([isChunked, answer.status]).toEqual([isChunked, 413])
      expect(JSON.parse(answer.text).code).toBe('PAYLOAD_TOO_LARGE')
    }
    expect(database.calls).toEqual([])
  })

  it('just under 1 MiB is read, with its bytes as UTF-8', async () => {
    const { origin } = await startServer({}, mount)
    const padding = 'x'.repeat(1024 * 1024 - 300)
    const answer = await postJson(origin, path, { ...ann, name: 'Ännchen 👩‍🚀', padding })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text).user.name).toBe('Ännchen 👩‍🚀')
  })

  it('of a GET is not looked at', async () => {
    const { origin } = await startServer({}, mount)
    const answer = await rawRequest(origin, { path: '/api/auth/get-session', headers: json, body: '{"a":' })
    expect([answer.status, answer.text]).toEqual([200, 'null'])
  })
})
