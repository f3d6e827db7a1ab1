import { describe, expect, it } from 'vitest'
import { createRequestContext } from '../../src/request.ts'
import { consumeVerification, createVerification, peekVerification } from '../../src/verifications.ts'
import { createTestAuth } from '../support/test-auth.ts'

function createStore(storeIdentifier: 'hashed' | 'plain' = 'hashed') {
  const { auth, clock } = createTestAuth({ verification: { storeIdentifier } })
  const context = createRequestContext(auth.context, { headers: new Headers(), sendHeader: () => undefined })
  const rows = () => auth.context.adapter.findMany({ model: 'verification', where: [] })
  return { context, clock, rows }
}

const lasting = { value: 'proof', expiresIn: 60 }

describe.each(['hashed', 'plain'] as const)('a single-use secret, stored %s', how => {
  it('proves its value until it is used', async () => {
    const { context } = createStore(how)
    const secret = { purpose: 'door', secret: 'open sesame' }
    await createVerification(context, secret, lasting)
    expect(await peekVerification(context, secret)).toBe('proof')
    expect(await peekVerification(context, secret)).toBe('proof')
    expect(await consumeVerification(context, secret)).toBe('proof')
    expect(await peekVerification(context, secret)).toBeUndefined()
    expect(await consumeVerification(context, secret)).toBeUndefined()
  })

  it('proves nothing once it has expired', async () => {
    const { context, clock } = createStore(how)
    const secret = { purpose: 'door', secret: 'open sesame' }
    await createVerification(context, secret, lasting)
    clock.advance(59.999)
    expect(await peekVerification(context, secret)).toBe('proof')
    clock.advance(0.001)
    expect(await peekVerification(context, secret)).toBeUndefined()
    expect(await consumeVerification(context, secret)).toBeUndefined()
  })

  it('is worth something for its purpose only [A38, control 13]', async () => {
    const { context } = createStore(how)
    await createVerification(context, { purpose: 'door', secret: 'x' }, lasting)
    for (const other of [
      { purpose: 'window', secret: 'x' },
      { purpose: '', secret: 'door:x' },
      { purpose: 'door:x', secret: '' },
      { purpose: 'DOOR', secret: 'x' },
    ]) {
      expect(await consumeVerification(context, other)).toBeUndefined()
    }
    expect(await consumeVerification(context, { purpose: 'door', secret: 'x' })).toBe('proof')
  })

  it('is told to exactly one of 50 at once [control 12]', async () => {
    const { context } = createStore(how)
    const secret = { purpose: 'door', secret: 'x' }
    await createVerification(context, secret, lasting)
    const told = await Promise.all(Array.from({ length: 50 }, () => consumeVerification(context, secret)))
    expect(told.filter(value => value !== undefined)).toEqual(['proof'])
  })

  it('leaves others alone', async () => {
    const { context, rows } = createStore(how)
    await createVerification(context, { purpose: 'door', secret: 'one' }, lasting)
    await createVerification(context, { purpose: 'door', secret: 'two' }, lasting)
    await consumeVerification(context, { purpose: 'door', secret: 'one' })
    expect(await rows()).toHaveLength(1)
    expect(JSON.stringify(await rows()).includes('two')).toBe(how === 'plain')
  })
})
