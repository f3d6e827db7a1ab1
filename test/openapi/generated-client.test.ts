import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, it, onTestFinished } from 'vitest'
import { startServer } from '../support/start-server.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

/** What someone writes who has only the document: run against a server, and checked against the generated types. */
const CLIENT = `
import createClient from 'openapi-fetch'
import type { components, paths } from './schema.ts'

const baseUrl = process.argv[2] ?? ''
let cookie = ''
const client = createClient<paths>({
  baseUrl,
  fetch: async request => {
    // Node's fetch says it is a browser, so it has to say where it comes from.
    request.headers.set('origin', new URL(baseUrl).origin)
    if (cookie) request.headers.set('cookie', cookie)
    const response = await fetch(request)
    for (const header of response.headers.getSetCookie()) cookie = header.split(';')[0] ?? ''
    return response
  },
})

const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery', country: 'NL' }
const signedUp = await client.POST('/sign-up/email', { body: person })
const user: components['schemas']['User'] | undefined = signedUp.data?.user
const country: string | undefined = user?.country
const token: string | null | undefined = signedUp.data?.token

const session = await client.GET('/get-session')
const expiresAt: string | undefined = session.data?.session.expiresAt

const taken = await client.POST('/sign-up/email', { body: person })
const isTaken = taken.error?.code === 'EMAIL_ALREADY_IN_USE'

const signedOut = await client.POST('/sign-out')
const after = await client.GET('/get-session')

console.log(JSON.stringify({
  country, hasToken: typeof token, expires: Date.parse(expiresAt ?? '') > Date.now(), isTaken,
  success: signedOut.data?.success, after: after.data,
}))
`

/** Each line that is expected to be an error is one; that there is none would be an error of its own. */
const WRONG = `
import createClient from 'openapi-fetch'
import type { paths } from './schema.ts'

const client = createClient<paths>({ baseUrl: 'http://localhost' })
const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery', country: 'NL' }

// @ts-expect-error there is no such path
await client.POST('/sign-up/emails', { body: person })
// @ts-expect-error there is no such method of it
await client.GET('/sign-up/email')
// @ts-expect-error a required field is missing
await client.POST('/sign-up/email', { body: { name: 'Ann', email: 'ann@example.com', password: 'x' } })
// @ts-expect-error a field is of another type
await client.POST('/sign-up/email', { body: { ...person, rememberMe: 'yes' } })
// @ts-expect-error a query parameter is missing
await client.GET('/reset-password/{token}', { params: { path: { token: 'x' } } })

const { data, error } = await client.POST('/sign-in/email', { body: person })
// @ts-expect-error the output has no such field
data?.user.password
// @ts-expect-error no such code is declared
error?.code === 'NO_SUCH_CODE'
`

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: ['node'],
  },
  include: ['*.ts'],
}

it('a client generated from the document signs up, reads the session and signs out, type-checked', async () => {
  const { auth, url } = await startServer({
    clock: undefined,
    user: { additionalFields: { country: { type: 'string', input: true } } },
  })
  const folder = await mkdtemp(join(tmpdir(), 'kernia-client-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const document = JSON.parse(JSON.stringify(auth.openApiDocument()))
  await writeFile(join(folder, 'schema.ts'), astToString(await openapiTS(document)))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  await writeFile(join(folder, 'client.ts'), CLIENT)
  await writeFile(join(folder, 'wrong.ts'), WRONG)

  const tsc = join(root, 'node_modules/typescript7/bin/tsc')
  const checked = await run(process.execPath, [tsc, '-p', folder]).catch((failed: { stdout: string }) => failed)
  expect(checked.stdout).toBe('')

  const { stdout } = await run(process.execPath, [join(folder, 'client.ts'), url])
  expect(JSON.parse(stdout)).toEqual({
    country: 'NL',
    hasToken: 'string',
    expires: true,
    isTaken: true,
    success: true,
    after: null,
  })
}, 60_000)
