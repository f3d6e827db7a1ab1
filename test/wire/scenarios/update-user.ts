import { ann, password, plainOptions, type Scenario } from '../scenario.ts'

export const updateUser: Scenario = {
  name: 'update-user',
  options: plainOptions,
  async run(side) {
    const browser = side.visitor()
    await browser.post('update-user.account', '/sign-up/email', ann)
    const update = (step: string, body: unknown) => browser.post(`update-user.${step}`, '/update-user', body)
    await browser.client('update-user.name', client => client.updateUser({ name: 'Ann B.' }))
    await browser.client('update-user.image', client => client.updateUser({ image: 'https://example.com/ann.png' }))
    await browser.get('update-user.session', '/get-session')
    await browser.client('update-user.image-null', client => client.updateUser({ image: null }))
    await browser.get('update-user.session-image-null', '/get-session')
    await update('empty', {})
    await update('array', ['name'])
    await update('string', 'name')
    await update('null', null)
    await update('no-body', undefined)
    await update('email', { email: 'new@example.com' })
    await update('email-and-name', { email: 'new@example.com', name: 'X' })
    await update('email-empty', { email: '' })
    await update('email-empty-and-name', { email: '', name: 'Ann C.' })
    await update('unknown-key', { colour: 'red' })
    await update('unknown-key-and-name', { colour: 'red', name: 'Ann D.' })
    await update('email-verified', { emailVerified: true })
    await update('id', { id: 'other' })
    await update('name-empty', { name: '' })
    await update('image-empty', { image: '' })
    await update('name-and-image', { name: 'Ann E.', image: null })
    await browser.get('update-user.session-at-the-end', '/get-session')
    await side.visitor().post('update-user.no-session', '/update-user', { name: 'X' })
    await side.visitor().post('update-user.no-session-empty', '/update-user', {})
    const forgetful = side.visitor()
    await forgetful.post('update-user.forgetful', '/sign-in/email', { email: ann.email, password, rememberMe: false })
    await forgetful.post('update-user.forgetful-name', '/update-user', { name: 'Ann F.' })
  },
}
