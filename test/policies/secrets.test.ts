import { expect, it } from 'vitest'
import { describeEveryWorld } from './every-world.ts'
import { EXCEPTIONS } from './exceptions.ts'
import type { IdField } from './id-fields.ts'
import { judge } from './matrix.ts'

/** Where a secret is presented, with what the call needs beside it, and the one kind of secret that is taken there. */
const PLACES: Record<IdField, { kind?: string; beside?: Record<string, unknown> }> = {
  'emailVerification.verify token': { kind: 'verification' },
  'password.resetCallback token': { kind: 'reset', beside: { callbackURL: '/reset' } },
  'password.reset token': { kind: 'reset', beside: { newPassword: 'another passphrase' } },
  'user.delete token': { kind: 'deletion' },
  'user.deleteCallback token': { kind: 'deletion' },
  'magicLink.verify token': { kind: 'magic link' },
  'oneTimeToken.verify token': { kind: 'one-time token' },
  'social.callback state': { kind: 'state', beside: { id: 'google', code: 'x' } },
  'oauthProxy.finish state': { kind: 'state', beside: { provider: 'google', code: 'x' } },
  // It knows the state, and that it is another provider's: see features/social/state.
  'oauth2.callback state': { kind: 'state', beside: { providerId: 'acme', code: 'x' } },
  'session.revoke token': { kind: 'session' },
  'multiSession.setActive sessionToken': { kind: 'session' },
  'multiSession.revoke sessionToken': { kind: 'session' },
  'signIn.emailOtp otp': { beside: { email: 'owner@example.com' } },
  'emailOtp.verifyEmail otp': { beside: { email: 'owner@example.com' } },
  'emailOtp.resetPassword otp': { beside: { email: 'owner@example.com', password: 'another passphrase' } },
  'organization.invitation.accept invitationId': { kind: 'invitation' },
}
const KINDS = [
  'verification',
  'reset',
  'deletion',
  'magic link',
  'one-time token',
  'state',
  'session',
  'invitation',
] as const

describeEveryWorld('a secret of one kind is worth nothing where another is expected [A38, control 13]', give => {
  it('has a secret of each kind', () => {
    expect(Object.keys(give().secrets).sort()).toEqual([...KINDS].sort())
  })

  it('is asked of every place that takes one', () => {
    const bearer = Object.entries(EXCEPTIONS).filter(([, reason]) => reason.startsWith('a secret'))
    for (const [field] of bearer) expect(Object.keys(PLACES)).toContain(field)
  })

  it.each(Object.entries(PLACES))('%s', async (place, { kind: own, beside = {} }) => {
    const [, field = ''] = place.split(' ')
    for (const caller of ['owner', 'anonymous']) {
      for (const kind of KINDS) {
        const input = () => ({ ...beside, [field]: give().secrets[kind] })
        const { verdict, known } = await judge(give(), place as IdField, { rule: { input, may: '' }, caller })
        if (kind === own) {
          if (caller === 'owner') expect.soft([kind, verdict], known.text).not.toEqual([kind, 'nothing'])
          continue
        }
        expect.soft([kind, known.written, known.cookies.filter(isSession)], known.text).toEqual([kind, [], []])
        expect.soft([kind, verdict], `${known.status} ${known.text}`).toEqual([kind, 'nothing'])
      }
    }
  })
})

const isSession = (cookie: string) => /session_token=[^;]/.test(cookie)
