import { ann, otherPassword, password, plainOptions, type Scenario } from '../scenario.ts'

export const changePassword: Scenario = {
  name: 'change-password',
  options: plainOptions,
  async run(side) {
    const browser = side.visitor()
    const other = side.visitor()
    await browser.post('change-password.account', '/sign-up/email', ann)
    await other.post('change-password.other-sign-in', '/sign-in/email', { email: ann.email, password })

    const change = (step: string, body: unknown) => browser.post(`change-password.${step}`, '/change-password', body)
    await change('wrong', { currentPassword: 'not the password', newPassword: otherPassword })
    await change('too-short', { currentPassword: password, newPassword: '1234567' })
    await change('too-long', { currentPassword: password, newPassword: 'x'.repeat(129) })
    await change('too-short-and-wrong', { currentPassword: 'not the password', newPassword: '1234567' })
    await change('empty-object', {})
    await change('no-body', undefined)
    await change('flag-not-boolean', {
      currentPassword: password,
      newPassword: otherPassword,
      revokeOtherSessions: 'yes',
    })
    const stranger = { currentPassword: password, newPassword: otherPassword }
    await side.visitor().post('change-password.no-session', '/change-password', stranger)
    await side.visitor().post('change-password.no-session-bad-body', '/change-password', {})
    await browser.client('change-password.ok', client => client.changePassword(stranger))
    await other.get('change-password.other-session-lives', '/get-session')
    await side.visitor().post('change-password.sign-in-old', '/sign-in/email', { email: ann.email, password })
    await browser.client('change-password.revoke-others', client =>
      client.changePassword({ currentPassword: otherPassword, newPassword: password, revokeOtherSessions: true }),
    )
    await other.get('change-password.other-session-revoked', '/get-session')
    await browser.get('change-password.own-session-lives', '/get-session')
    await change('same-password', { currentPassword: password, newPassword: password })

    await browser.post('verify-password.ok', '/verify-password', { password })
    await browser.post('verify-password.wrong', '/verify-password', { password: otherPassword })
    await browser.post('verify-password.empty', '/verify-password', {})
    await side.visitor().post('verify-password.no-session', '/verify-password', { password })

    const forgetful = side.visitor()
    await forgetful.post('change-password.forgetful', '/sign-in/email', {
      email: ann.email,
      password,
      rememberMe: false,
    })
    await forgetful.post('change-password.forgetful-revoke', '/change-password', {
      currentPassword: password,
      newPassword: otherPassword,
      revokeOtherSessions: true,
    })
    await forgetful.get('change-password.forgetful-session', '/get-session')
  },
}
