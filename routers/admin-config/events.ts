import type { Section } from './sections.ts'

/** What this plugin tells the application's listeners. */
export interface AdminConfigEvents {
  /** `userId` is missing where the application's own code changed it. */
  'admin-config.changed': { section: Section; userId?: string }
}

declare module '../../src/events.js' {
  interface AuthEvents extends AdminConfigEvents {}
}
