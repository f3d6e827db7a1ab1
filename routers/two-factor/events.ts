/** What this plugin tells the application's listeners. */
export interface TwoFactorEvents {
  /** The second factor was turned on, or given another secret. */
  'twoFactor.enabled': { userId: string }
  'twoFactor.disabled': { userId: string }
  /** A backup code was used: worth a mail to the user. */
  'twoFactor.backup-code-used': { userId: string; left: number }
  /** Too many wrong codes: all are refused until then. */
  'twoFactor.locked': { userId: string; until: Date }
  /** The time of the lock was over when somebody tried again. */
  'twoFactor.unlocked': { userId: string }
}

declare module '../../src/events.js' {
  interface AuthEvents extends TwoFactorEvents {}
}
