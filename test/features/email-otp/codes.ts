import { type EmailOTPOptions, emailOTP, type OtpMail } from '../../../routers/email-otp/index.ts'
import { createMailing } from '../mailing.ts'

/** The plugin with an outbox. */
export function createCodes(options: Partial<EmailOTPOptions> = {}) {
  const mails: OtpMail[] = []
  const { settled, advanced } = createMailing()
  const plugin = emailOTP({ sendVerificationOTP: mail => void mails.push(mail), ...options })
  /** The newest mail, once it is sent. */
  const last = async (): Promise<OtpMail> => {
    await settled()
    const mail = mails.at(-1)
    if (!mail) throw new Error('nothing was mailed')
    return mail
  }
  /** What was mailed, in short, and from now on forgotten. */
  const take = async (): Promise<string[]> => {
    await settled()
    return mails.splice(0).map(({ type, email }) => `${type} ${email}`)
  }
  return { plugin, mails, settled, advanced, last, take }
}

/** Other digits than these. */
export function otherThan(otp: string): string {
  return otp.replace(/./g, digit => String((Number(digit) + 1) % 10))
}
