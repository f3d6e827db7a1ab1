/** What this plugin tells the application's listeners. */
export interface PasskeyEvents {
  /** Another passkey signs the user in: worth a mail. */
  'passkey.added': { userId: string; passkeyId: string }
  'passkey.removed': { userId: string; passkeyId: string }
  /** Somebody signed with it out of turn: there may be a copy of its private key. */
  'passkey.clone-suspected': { userId: string; passkeyId: string }
}

declare module '../../src/events.js' {
  interface AuthEvents extends PasskeyEvents {}
}
