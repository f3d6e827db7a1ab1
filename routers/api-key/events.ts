/** What this plugin tells the application's listeners: worth a mail to whom it concerns. */
export interface ApiKeyEvents {
  /** `referenceId` is a user's id, or an organization's, as `references` says. */
  'apiKey.created': { apiKeyId: string; referenceId: string; references: 'user' | 'organization' }
  'apiKey.deleted': { apiKeyId: string; referenceId: string; references: 'user' | 'organization' }
}

declare module '../../src/events.js' {
  interface AuthEvents extends ApiKeyEvents {}
}
