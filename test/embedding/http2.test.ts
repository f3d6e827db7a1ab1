import { once } from 'node:events'
import { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { initTRPC } from '@trpc/server'
import { createHTTP2Handler } from '@trpc/server/adapters/standalone'
import { expect, it, onTestFinished } from 'vitest'
import type { KerniaContext } from '../../src/index.ts'
import { ann, createTestAuth } from '../support/test-auth.ts'

it('a host over HTTP/2 gets its cookies, too', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const { auth } = createTestAuth({ baseURL: origin })
  const t = initTRPC.context<KerniaContext>().create()
  const router = t.router({ auth: auth.router })
  server.on('request', createHTTP2Handler({ router, createContext: options => auth.createContext(options) }))
  const session = connect(origin)
  onTestFinished(() => {
    session.destroy()
    server.close()
  })
  const send = async (headers: Record<string, string>, body?: string) => {
    const stream = session.request(headers)
    stream.end(body)
    const [response] = await once(stream, 'response')
    let text = ''
    for await (const chunk of stream) text += chunk
    return { headers: response, body: JSON.parse(text) }
  }
  const json = { 'content-type': 'application/json', origin }
  const signedUp = await send({ ':method': 'POST', ':path': '/auth.signUp.email', ...json }, JSON.stringify(ann))
  expect(signedUp.body.result.data.user.email).toBe(ann.email)
  const cookie = signedUp.headers['set-cookie'][0].split(';')[0]
  const current = await send({ ':path': '/auth.session.get', cookie })
  expect(current.body.result.data.user.email).toBe(ann.email)
})
