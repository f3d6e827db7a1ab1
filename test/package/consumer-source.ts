/**
 * What an application writes against the published declarations: every entry point, and the types that must arrive.
 * Kept as text, since `kernia` means the installed tarball in it.
 */
export const CONSUMER = `
import express from 'express'
import { definePlugin, emailAndPassword, init, memoryAdapter } from 'kernia'
import { createKerniaClient } from 'kernia/client'
import { getSession, mountKernia, requireSession } from 'kernia/express'
import { mikroOrmAdapter } from 'kernia/mikro-orm'
import { emailAndPassword as passwordPlugin } from 'kernia/plugins/email-password'
import { createInbox } from 'kernia/testing'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const equal = <_T extends true>(): void => undefined

const loyalty = definePlugin({
  id: 'loyalty',
  schema: { user: { fields: { points: { type: 'number', required: false } } } },
})

const inbox = createInbox()
export const auth = init({
  baseURL: 'http://localhost:3000',
  secret: 'a-secret-for-type-checking-0123456789',
  database: process.env.DATABASE_URL ? mikroOrmAdapter({ url: process.env.DATABASE_URL }) : memoryAdapter(),
  plugins: [emailAndPassword({ sendResetPassword: mail => inbox.deliver(mail) }), loyalty],
  user: { additionalFields: { locale: { type: 'string', input: true, required: false } } },
})
export const other = init({ plugins: [passwordPlugin()] })

type User = typeof auth.$Infer.User
equal<Equal<User['email'], string>>()
equal<Equal<User['createdAt'], Date>>()
equal<Equal<User['points'], number | null | undefined>>()
equal<Equal<User['locale'], string | null | undefined>>()
// @ts-expect-error a field that nobody declared
export type Nothing = User['nobody']

const app = express()
mountKernia(app, auth)
app.get('/me', requireSession, async (req, res) => {
  res.json(await getSession(req))
})

export async function calls(): Promise<void> {
  const client = createKerniaClient<typeof auth.router>({ url: 'http://localhost:3000/api/auth' })
  const signedUp = await client.signUp.email.mutate({ name: 'Ada', email: 'a@b.c', password: 'p', locale: 'de' })
  equal<Equal<typeof signedUp.user.locale, string | null | undefined>>()
  // @ts-expect-error a password is text
  await client.signIn.email.mutate({ email: 'a@b.c', password: 1 })

  const found = await auth.getSession({ cookie: '' })
  equal<Equal<NonNullable<typeof found>['user']['points'], number | null | undefined>>()
  const response: Response = await auth.handler(new Request('http://localhost:3000/api/auth/ok'))
  await response.json()
}
`
