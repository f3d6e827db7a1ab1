import type { BetterAuthOptions } from 'better-auth'
import { ann, type Scenario, withMail } from '../scenario.ts'
import type { Side } from '../side.ts'

const user: BetterAuthOptions['user'] = {
  additionalFields: {
    nickname: { type: 'string', required: false, input: true },
    age: { type: 'number', required: false, input: true },
    newsletter: { type: 'boolean', required: false, input: true, defaultValue: true },
    born: { type: 'date', required: false, input: true },
    role: { type: 'string', required: false, input: false, defaultValue: 'member' },
    rank: { type: 'number', required: false, input: false },
    secretNote: { type: 'string', required: false, input: true, returned: false },
    stored: { type: 'string', required: false, input: true, fieldName: 'stored_as' },
  },
}
const session: BetterAuthOptions['session'] = {
  additionalFields: {
    theme: { type: 'string', required: false, input: true },
    step: { type: 'number', required: false, input: true, defaultValue: 1 },
    locked: { type: 'string', required: false, input: false },
    hiddenNote: { type: 'string', required: false, input: true, returned: false },
  },
}

export const additionalFields: Scenario = {
  name: 'additional-fields',
  options: { build: mails => ({ emailAndPassword: withMail(mails), user, session }) },
  async run(side) {
    await signUps(side)
    await updates(side)
  },
}

async function signUps(side: Side): Promise<void> {
  const next = (step: string, fields: object) =>
    side.visitor().post(`fields.${step}`, '/sign-up/email', { ...ann, email: `${step}@example.com`, ...fields })
  await next('none', {})
  await next('all', {
    nickname: 'An',
    age: 30,
    newsletter: false,
    stored: 'x',
    secretNote: 'hush',
  })
  await next('date', { born: '1990-01-02T00:00:00.000Z' })
  await next('null', { nickname: null, age: null })
  await next('not-input-default', { role: 'admin' })
  await next('not-input', { rank: 5 })
  await next('not-input-falsy', { rank: 0 })
  await next('wrong-type', { age: 'thirty' })
  await next('wrong-type-boolean', { newsletter: 'yes' })
}

async function updates(side: Side): Promise<void> {
  const browser = side.visitor()
  await browser.post('fields.update-account', '/sign-up/email', { ...ann, nickname: 'An', secretNote: 'hush' })
  await browser.get('fields.session', '/get-session')
  const update = (step: string, body: unknown) => browser.post(`fields.update-${step}`, '/update-user', body)
  await update('nickname', { nickname: 'Annie' })
  await update('null', { nickname: null })
  await update('not-input-default', { role: 'admin' })
  await update('not-input', { rank: 5 })
  await update('not-input-falsy', { rank: 0 })
  await update('returned-false', { secretNote: 'other' })
  await update('born', { born: '1990-01-02T00:00:00.000Z' })
  await browser.get('fields.session-after-updates', '/get-session')

  const session = (step: string, body: unknown) => browser.post(`fields.session-${step}`, '/update-session', body)
  await session('theme', { theme: 'dark' })
  await session('step', { step: 2 })
  await session('theme-null', { theme: null })
  await session('not-input', { locked: 'x' })
  await session('returned-false', { hiddenNote: 'x' })
  await session('unknown', { colour: 'red' })
  await session('core-field', { theme: 'light', token: 'mine', userId: 'x' })
  await session('empty', {})
  await browser.get('fields.session-at-the-end', '/get-session')
  await browser.get('fields.list-sessions', '/list-sessions')
}

export const requiredField: Scenario = {
  name: 'required-field',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      user: {
        additionalFields: {
          country: { type: 'string', required: true, input: true },
          city: { type: 'string', input: true },
        },
      },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('required-field.missing', '/sign-up/email', ann)
    await browser.post('required-field.city-missing', '/sign-up/email', { ...ann, country: 'NL' })
    await browser.post('required-field.empty', '/sign-up/email', { ...ann, country: '', city: '' })
    await browser.post('required-field.ok', '/sign-up/email', {
      ...ann,
      email: 'bo@example.com',
      country: 'NL',
      city: 'Delft',
    })
    await browser.post('required-field.update-other', '/update-user', { name: 'Bo' })
    await browser.post('required-field.update-null', '/update-user', { country: null })
    await browser.get('required-field.session', '/get-session')
  },
}

export const fieldHooks: Scenario = {
  name: 'field-hooks',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      user: {
        additionalFields: {
          code: {
            type: 'string',
            required: false,
            input: true,
            transform: { input: value => `in:${value}`, output: value => `out:${value}` },
          },
          made: { type: 'string', required: false, defaultValue: () => 'made up' },
        },
      },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('field-hooks.sign-up', '/sign-up/email', { ...ann, code: 'x' })
    await browser.get('field-hooks.session', '/get-session')
    await browser.post('field-hooks.update', '/update-user', { code: 'y' })
    await browser.get('field-hooks.session-after', '/get-session')
  },
}

/** Fields that say nothing about who may write them. */
export const fieldDefaults: Scenario = {
  name: 'field-defaults',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      user: { additionalFields: { nickname: { type: 'string', required: false } } },
      session: { additionalFields: { theme: { type: 'string', required: false } } },
    }),
  },
  async run(side) {
    const browser = side.visitor()
    await browser.post('field-defaults.account', '/sign-up/email', ann)
    await browser.get('field-defaults.session', '/get-session')
    await browser.post('field-defaults.update-user', '/update-user', { nickname: 'An' })
    await browser.post('field-defaults.update-session', '/update-session', { theme: 'dark' })
    const written = { ...ann, email: 'bo@example.com', nickname: 'Bo' }
    await side.visitor().post('field-defaults.sign-up', '/sign-up/email', written)
  },
}

/** Field types beyond the plain ones. */
export const fieldTypes: Scenario = {
  name: 'field-types',
  options: {
    build: mails => ({
      emailAndPassword: withMail(mails),
      user: {
        additionalFields: {
          tags: { type: 'string[]', required: false, input: true },
          scores: { type: 'number[]', required: false, input: true },
          plan: { type: ['free', 'paid'], required: false, input: true },
          settings: { type: 'json', required: false, input: true },
        },
      },
    }),
  },
  async run(side) {
    const next = (step: string, fields: object) =>
      side.visitor().post(`field-types.${step}`, '/sign-up/email', { ...ann, email: `${step}@example.com`, ...fields })
    await next('none', {})
    await next('string-list', { tags: ['a', 'b'] })
    await next('number-list', { scores: [1, 2] })
    await next('enum', { plan: 'paid' })
    await next('not-in-enum', { plan: 'stolen' })
    await next('json', { settings: { dark: true, size: [1, 2] } })
    const browser = side.visitor()
    await browser.post('field-types.account', '/sign-up/email', { ...ann, tags: ['a'], settings: { dark: true } })
    await browser.post('field-types.update', '/update-user', { tags: ['b', 'c'], settings: { dark: false } })
    await browser.get('field-types.session', '/get-session')
  },
}
