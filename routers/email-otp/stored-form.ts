import type { Kernel } from '../../src/context.ts'
import { equalInConstantTime, isSignedBy } from '../../src/crypto/hmac.ts'
import type { OtpStorage } from './options.ts'

const PURPOSE = 'email-otp'

/** The form in which codes are stored. */
export interface StoredForm {
  store(otp: string): Promise<string> | string
  matches(stored: string, otp: string): Promise<boolean> | boolean
  /** The code again; absent where it cannot be had. */
  read?(stored: string): Promise<string | undefined> | string | undefined
}

/** @param place what the code is for and whose it is, so that the same digits are stored differently elsewhere */
export function storedForm(keys: Kernel['keys'], storage: OtpStorage, place: string): StoredForm {
  if (storage === 'hashed') {
    const text = (otp: string) => `${PURPOSE} ${place} ${otp}`
    return {
      store: otp => keys.sign(text(otp)),
      matches: (stored, otp) => keys.secrets.some(secret => isSignedBy(secret, text(otp), stored)),
    }
  }
  if (typeof storage === 'object' && 'hash' in storage) {
    const { hash } = storage
    return { store: hash, matches: async (stored, otp) => equalInConstantTime(stored, await hash(otp)) }
  }
  const form = readable(keys, storage)
  return {
    ...form,
    matches: async (stored, otp) => {
      const expected = await form.read(stored)
      return expected !== undefined && equalInConstantTime(expected, otp)
    },
  }
}

function readable(
  keys: Kernel['keys'],
  storage: Exclude<OtpStorage, 'hashed' | { hash: unknown }>,
): Required<Pick<StoredForm, 'store' | 'read'>> {
  if (storage === 'plain') return { store: otp => otp, read: stored => stored }
  if (storage === 'encrypted') {
    return { store: otp => keys.seal(PURPOSE, otp), read: stored => keys.open(PURPOSE, stored) }
  }
  return { store: storage.encrypt, read: storage.decrypt }
}
