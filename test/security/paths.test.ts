import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { mounts, startServer } from '../support/start-server.ts'
import { ann } from '../support/test-auth.ts'

/** Sends a path exactly as it is given: `fetch` would tidy it up first. */
function sendRaw(origin: string, path: string, { method = 'POST', body = JSON.stringify(ann) } = {}) {
  const { hostname, port } = new URL(origin)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, insecureHTTPParser: false }, async response => {
      resolve({ status: response.statusCode ?? 0, body: await text(response) })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const base = '/api/auth'
const variants = [
  `${base}//sign-in/email`,
  `${base}/sign-in//email`,
  `${base}/sign-in/email/`,
  `${base}/sign-in/email//`,
  `${base}/./sign-in/email`,
  `${base}/sign-in/./email`,
  `${base}/x/../sign-in/email`,
  `${base}/sign-in/x/../email`,
  `${base}/%2e/sign-in/email`,
  `${base}/x/%2e%2e/sign-in/email`,
  `${base}/sign-in%2femail`,
  `${base}/sign-in%2Femail`,
  `${base}%2fsign-in/email`,
  `${base}/sign%2din/email`,
  `${base}/%73ign-in/email`,
  `${base}/Sign-In/Email`,
  `${base}/SIGN-IN/EMAIL`,
  `/API/auth/sign-in/email`,
  `${base}/sign-in/email;x=1`,
  `${base};x/sign-in/email`,
  `${base}/sign-in/email%00`,
  `${base}/sign-in/email%20`,
  `${base}/sign-in/email.`,
  `${base}/sign-in/email?x=1`,
  `${base}/sign-in/email?`,
  `${base}/sign-in/email#x`,
  `${base}/sign-in\\email`,
  `${base}\\sign-in/email`,
  `//api/auth/sign-in/email`,
  `/./api/auth/sign-in/email`,
  `/x/../api/auth/sign-in/email`,
  `/%61pi/auth/sign-in/email`,
  `${base}${base}/sign-in/email`,
  `/x${base}/sign-in/email`,
]

const trpcVariants = [
  `${base}/trpc/signIn%2Eemail`,
  `${base}/trpc/signIn%2eemail`,
  `${base}/trpc//signIn.email`,
  `${base}/trpc/./signIn.email`,
  `${base}/trpc/x/../signIn.email`,
  `${base}/trpc/signIn.email/`,
  `${base}/trpc/signIn/email`,
  `${base}/trpc/SignIn.Email`,
  `${base}/trpc/signIn.email;x=1`,
  `${base}/trpc/sign%49n.email`,
  `${base}/trpc/signIn.email?x=1`,
  `${base}/trpc/signIn.email%2CsignIn.email`,
  `${base}//trpc/signIn.email`,
  `${base}/%74rpc/signIn.email`,
  `${base}/TRPC/signIn.email`,
]

describe.each(Object.entries(mounts))('another spelling of a path, served by %s [A10, control 42]', (_name, mount) => {
  it.each([...variants, ...trpcVariants])(
    '%s shares the limit of the path it reaches, if it reaches any',
    async path => {
      const { origin, auth } = await startServer({ rateLimit: { enabled: true } }, mount)
      await auth.caller().signUp.email(ann)
      const statuses: number[] = []
      for (let i = 0; i < 2; i++) statuses.push((await sendRaw(origin, `${base}/sign-in/email`)).status)
      for (let i = 0; i < 3; i++) statuses.push((await sendRaw(origin, path)).status)
      expect(statuses.filter(status => status === 200).length).toBeLessThanOrEqual(3)
      expect(statuses.slice(0, 2)).toEqual([200, 200])
      for (const status of statuses.slice(2)) expect([200, 404, 429, 400]).toContain(status)
    },
  )

  it('reaches nothing that is switched off', async () => {
    const { origin, auth } = await startServer({ disabledPaths: ['/sign-in/email'] }, mount)
    await auth.caller().signUp.email(ann)
    for (const path of [`${base}/sign-in/email`, `${base}/trpc/signIn.email`, ...variants, ...trpcVariants]) {
      const { status, body } = await sendRaw(origin, path)
      expect.soft([path, status >= 400 && status < 500, body.includes('token')]).toEqual([path, true, false])
    }
  })

  it('reaches nothing that is switched off where trailing slashes are skipped, and shares the limit', async () => {
    const advanced = { skipTrailingSlashes: true }
    const off = await startServer({ disabledPaths: ['/sign-in/email'], advanced }, mount)
    await off.auth.caller().signUp.email(ann)
    for (const slashes of ['', '/', '//', '/%2f', '/.']) {
      expect((await sendRaw(off.origin, `${base}/sign-in/email${slashes}`)).status).toBe(404)
    }
    const { origin, auth } = await startServer({ rateLimit: { enabled: true }, advanced }, mount)
    await auth.caller().signUp.email(ann)
    const statuses: number[] = []
    for (const slashes of ['', '/', '', '/', '/']) {
      statuses.push((await sendRaw(origin, `${base}/sign-in/email${slashes}`)).status)
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429])
  })

  it('reaches nothing by another method', async () => {
    const { origin, auth } = await startServer({}, mount)
    await auth.caller().signUp.email(ann)
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      expect([method, (await sendRaw(origin, `${base}/sign-in/email`, { method })).status]).toEqual([method, 404])
    }
  })
})
