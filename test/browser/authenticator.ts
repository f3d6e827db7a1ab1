import { createHmac } from 'node:crypto'
import type { Device } from './demo-page.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The code of an authenticator app (RFC 6238), so many steps of 30 seconds from now: the server takes the one of now and the next, each once. */
export function totp(secret: string, steps: number): string {
  const bits = [...secret].map(letter => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/**
 * Gives a device an authenticator whose user touches it at once. Its browser suggests no passkeys for fields until
 * `suggests(true)`: such a user would take up the suggestion before any button could be pressed.
 */
export async function addAuthenticator({ page, context }: Device) {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => sessionStorage.getItem('suggests') === 'true'
  })
  const session = await context.newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    suggests: (isOn: boolean) => page.evaluate(value => sessionStorage.setItem('suggests', value), String(isOn)),
    /** The passkeys it has, under the names that it shows them by. */
    names: async () => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.map(({ userName, userDisplayName }) => `${userName} of ${userDisplayName}`)
    },
  }
}
