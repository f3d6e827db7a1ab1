/** What this plugin tells the application's listeners: worth a mail to whom it concerns. */
export interface ApiKeyEvents {
  /** `referenceId` is a user's id, or an organization's, as `references` says. */
  'apiKey.created': { apiKeyId: string; referenceId: string; references: 'user' | 'organization' }
  /** `successorId` has taken the place of `apiKeyId`, which ends at `endsAt`. `apiKey.created` tells of it as well. */
  'apiKey.rotated': {
    apiKeyId: string
    successorId: string
    endsAt: Date
    referenceId: string
    references: 'user' | 'organization'
  }
  'apiKey.deleted': { apiKeyId: string; referenceId: string; references: 'user' | 'organization' }
}

declare module '../../src/events.js' {
  interface AuthEvents extends ApiKeyEvents {}
}
