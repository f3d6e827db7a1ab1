import { TRPCError } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { inDialect, toAuthError } from '../../src/errors.ts'
import { AuthError, defineErrors } from '../../src/index.ts'

const table = defineErrors({
  TOO_LATE: [403, 'It is too late'],
  TAKEN: [409, 'It is taken', [422, 'ALREADY_TAKEN']],
})

describe('a table of errors', () => {
  it('knows code, status and message of each', () => {
    expect(table.TOO_LATE).toEqual({ code: 'TOO_LATE', status: 403, message: 'It is too late' })
    expect(table.TAKEN).toMatchObject({ betterAuth: { code: 'ALREADY_TAKEN', status: 422 } })
  })

  it('takes no status that tRPC cannot carry', () => {
    expect(() => defineErrors({ TEAPOT: [418, 'No coffee'] })).toThrow('TEAPOT')
  })
})

describe('an error of a procedure', () => {
  it('is a TRPCError with the code of its status', () => {
    const error = new AuthError(table.TOO_LATE)
    expect(error).toBeInstanceOf(TRPCError)
    expect(error).toMatchObject({ code: 'FORBIDDEN', authCode: 'TOO_LATE', status: 403, message: 'It is too late' })
  })

  it('has other names in the other dialect, where there are any', () => {
    const cause = new Error('why')
    const error = new AuthError(table.TAKEN, { message: 'Taken by you', headers: { 'x-a': '1' }, cause })
    expect(inDialect(error, 'kernia')).toBe(error)
    expect(inDialect(error, 'better-auth')).toMatchObject({
      ...{ authCode: 'ALREADY_TAKEN', status: 422, code: 'UNPROCESSABLE_CONTENT', message: 'Taken by you' },
      ...{ headers: { 'x-a': '1' }, cause },
    })
    const same = new AuthError(table.TOO_LATE)
    expect(inDialect(same, 'better-auth')).toBe(same)
  })
})

describe('whatever is thrown', () => {
  it('stays what it is when it is ours, however often tRPC wrapped it', () => {
    const error = new AuthError(table.TOO_LATE)
    expect(toAuthError(error)).toBe(error)
    expect(toAuthError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: error }))).toBe(error)
  })

  it('is a code of ours when tRPC threw it', () => {
    const of = (code: TRPCError['code']) => toAuthError(new TRPCError({ code })).authCode
    expect(of('PARSE_ERROR')).toBe('BAD_REQUEST')
    expect(of('NOT_FOUND')).toBe('NOT_FOUND')
    expect(of('PAYLOAD_TOO_LARGE')).toBe('PAYLOAD_TOO_LARGE')
    expect(of('UNSUPPORTED_MEDIA_TYPE')).toBe('UNSUPPORTED_MEDIA_TYPE')
  })

  it.each([new Error('password=hunter2'), 'text', undefined, null, 42, { status: 400, message: 'x' }])(
    'is an error of the server that says nothing, when it is %s',
    thrown => {
      const error = toAuthError(thrown)
      expect(error).toMatchObject({ authCode: 'INTERNAL_SERVER_ERROR', status: 500, message: 'Internal server error' })
    },
  )
})
