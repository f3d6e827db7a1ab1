import argon2 from 'argon2'
import { sha256 } from '../../src/crypto/hmac.ts'
import { createKeyring } from '../../src/crypto/keyring.ts'
import type { Adapter, Fields } from '../../src/index.ts'
import { createInbox } from '../../src/testing/index.ts'
import { secondStep } from '../support/second-step-plugin.ts'
import { ann, cheapArgon2, createTestAuth, secret } from '../support/test-auth.ts'

const START = Date.parse('2026-01-02T03:04:05.000Z')
const at = (days: number) => new Date(START + days * 86_400_000)

export const userFields = {
  nickname: { type: 'string', required: false, input: true, maxLength: 40 },
  age: { type: 'number', required: false, input: true },
  country: { type: 'string', input: true },
  born: { type: 'date', required: false, input: true },
  hiddenNote: { type: 'string', required: false, input: true, returned: false },
  rank: { type: 'number', required: false },
} as const satisfies Fields

export const sessionFields = {
  theme: { type: 'string', required: false, input: true },
  tags: { type: 'string[]', required: false, input: true },
} as const satisfies Fields

const annId = 'AnnUserAnnUserAnnUserAnnUserAnn1'
const careful = 'CarefulUserCarefulUserCarefulU01'

const keys = createKeyring([{ value: secret }])
const mailed = (claims: Record<string, string>, expiresIn: number) =>
  keys.issueToken('email-verification', claims, { now: at(0), expiresIn })
const annsMail = { sub: annId, email: ann.email }
const newEmail = 'new@example.com'
const MONTH = 30 * 86_400

/** Ids and secrets that are there before each call, by what they are. */
export const seeded = {
  annToken: 'AnnSessionAnnSessionAnnSession01',
  careful,
  carefulToken: 'CarefulTokenCarefulTokenCareful1',
  expiredToken: 'ExpiredTokenExpiredTokenExpired1',
  shortToken: 'ShortLivedTokenShortLivedToken01',
  resetToken: 'ResetTokenResetTokenRese',
  oldResetToken: 'OldTokenOldTokenOldToken',
  deleteToken: 'DeleteTokenDeleteTokenDeleteTok1',
  verifyToken: await mailed(annsMail, MONTH),
  oldVerifyToken: await mailed(annsMail, -1),
  changeToken: await mailed({ ...annsMail, updateTo: newEmail, requestType: 'change-email-verification' }, MONTH),
  takenToken: await mailed(
    { ...annsMail, updateTo: 'careful@example.com', requestType: 'change-email-verification' },
    MONTH,
  ),
  confirmToken: await mailed(
    { sub: careful, email: 'careful@example.com', updateTo: newEmail, requestType: 'change-email-confirmation' },
    MONTH,
  ),
} as const

const hash = argon2.hash(ann.password, { ...cheapArgon2, type: argon2.argon2id })

/** An instance of what the ways are compared on; all of them are made alike. */
export function createComparedAuth(baseURL: string) {
  const background: Promise<unknown>[] = []
  const links = createInbox()
  const made = createTestAuth({
    baseURL,
    plugins: [secondStep()],
    emailVerification: { sendVerificationEmail: links.deliver, sendOnSignUp: true, autoSignInAfterVerification: true },
    user: {
      additionalFields: userFields,
      changeEmail: { enabled: true, sendChangeEmailConfirmation: links.deliver },
      deleteUser: { enabled: true, sendDeleteAccountVerification: links.deliver },
    },
    session: { additionalFields: sessionFields },
    trustedOrigins: ['https://app.example'],
    advanced: {
      // A call within the process has no socket; the address in a proxy's header is the same for all.
      ipAddress: { ipAddressHeaders: ['x-client-address'] },
      backgroundTasks: { handler: task => void background.push(task) },
    },
  })
  return { ...made, links, background }
}

export type ComparedAuth = ReturnType<typeof createComparedAuth>

/** Puts the same rows into an instance, in the place of all it has. */
export async function seed({ auth, inbox, links, log, background }: ComparedAuth): Promise<void> {
  const { adapter } = auth.context
  for (const model of ['verification', 'session', 'account', 'user']) await adapter.deleteMany({ model, where: [] })
  await seedUser(adapter, { id: annId, email: ann.email, emailVerified: false, secondStepOn: false })
  await seedUser(adapter, { id: careful, email: 'careful@example.com', emailVerified: true, secondStepOn: true })
  await seedSession(adapter, { token: seeded.annToken, userId: annId, expiresAt: at(7) })
  await seedSession(adapter, { token: seeded.shortToken, userId: annId, expiresAt: at(1) })
  await seedSession(adapter, { token: seeded.expiredToken, userId: annId, expiresAt: at(-1) })
  await seedSession(adapter, { token: seeded.carefulToken, userId: seeded.careful, expiresAt: at(7) })
  const reset = { purpose: 'reset-password', value: `${annId}:${sha256(ann.email)}` }
  await seedSecret(adapter, { ...reset, token: seeded.resetToken, expiresAt: at(30) })
  await seedSecret(adapter, { ...reset, token: seeded.oldResetToken, expiresAt: at(-1) })
  await seedSecret(adapter, {
    purpose: 'delete-account',
    value: annId,
    token: seeded.deleteToken,
    expiresAt: at(30),
  })
  for (const { mails } of [inbox, links]) (mails as unknown[]).length = 0
  log.length = 0
  background.length = 0
}

interface SeededUser {
  id: string
  email: string
  emailVerified: boolean
  secondStepOn: boolean
}

async function seedUser(adapter: Adapter, user: SeededUser): Promise<void> {
  const times = { createdAt: at(-10), updatedAt: at(-10) }
  const fields = { name: 'Ann', image: null, country: 'NL', hiddenNote: 'hidden' }
  await adapter.create({ model: 'user', data: { ...fields, ...times, ...user } })
  const account = { userId: user.id, accountId: user.id, providerId: 'credential', password: await hash, ...times }
  await adapter.create({ model: 'account', data: { ...account, id: `${user.id}-account` } })
}

async function seedSession(
  adapter: Adapter,
  session: { token: string; userId: string; expiresAt: Date },
): Promise<void> {
  const times = { createdAt: at(-0.5), updatedAt: at(-0.5) }
  const data = { ...session, ...times, id: `${session.token}-id`, ipAddress: '', userAgent: 'seed', theme: 'light' }
  await adapter.create({ model: 'session', data })
}

async function seedSecret(
  adapter: Adapter,
  { purpose, value, token, expiresAt }: { purpose: string; value: string; token: string; expiresAt: Date },
): Promise<void> {
  const identifier = `${purpose}:${sha256(token)}`
  const times = { createdAt: at(-1), updatedAt: at(-1) }
  await adapter.create({
    model: 'verification',
    data: { id: `${token}-id`, identifier, value, expiresAt, ...times },
  })
}
