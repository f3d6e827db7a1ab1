import type { BetterAuthOptions } from 'better-auth'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { EmailAndPasswordOptions, EmailVerificationOptions, UserOptions } from '../../../src/index.ts'
import { createTestAuth } from '../../support/test-auth.ts'

describe('the options of e-mail flows', () => {
  it("take what is written for Better Auth's", () => {
    type Official = Required<BetterAuthOptions>
    type User = NonNullable<Official['user']>
    type Passwords = NonNullable<Official['emailAndPassword']>
    expectTypeOf<NonNullable<Official['emailVerification']>>().toExtend<EmailVerificationOptions>()
    expectTypeOf<NonNullable<User['changeEmail']>>().toExtend<NonNullable<UserOptions['changeEmail']>>()
    expectTypeOf<NonNullable<User['deleteUser']>>().toExtend<NonNullable<UserOptions['deleteUser']>>()
    type Synthetic = 'onExistingUserSignUp' | 'customSyntheticUser' | 'requireEmailVerification'
    expectTypeOf<Pick<Passwords, Synthetic>>().toExtend<Pick<EmailAndPasswordOptions, Synthetic>>()
  })

  it.each([0, -1, Number.NaN])('refuse a life of %s seconds', seconds => {
    expect(() => createTestAuth({ emailVerification: { expiresIn: seconds } })).toThrow('emailVerification.expiresIn')
    expect(() => createTestAuth({ user: { deleteUser: { deleteTokenExpiresIn: seconds } } })).toThrow(
      'user.deleteUser.deleteTokenExpiresIn',
    )
  })
})
