/** What this plugin tells the application's listeners. `adminId` is missing where the application's own code did it. */
export interface AdminEvents {
  'admin.user-created': { userId: string; adminId?: string }
  'admin.user-updated': { userId: string; adminId: string; fields: string[] }
  'admin.role-set': { userId: string; adminId: string; role: string }
  'admin.password-set': { userId: string; adminId: string }
  /** `until` is null for a ban without an end. */
  'admin.user-banned': { userId: string; adminId: string; reason: string; until: Date | null }
  'admin.user-unbanned': { userId: string; adminId: string }
  'admin.user-removed': { userId: string; adminId: string }
  'admin.impersonation-started': { userId: string; adminId: string; sessionId: string; until: Date }
  'admin.impersonation-stopped': { userId: string; adminId: string; sessionId: string }
}

declare module '../../src/events.js' {
  interface AuthEvents extends AdminEvents {}
}
