export interface MultiSessionOptions {
  /** How many sessions a device keeps, each of another user. Default 5; one more is used without being kept. */
  maximumSessions?: number
}

export const DEFAULT_MAXIMUM = 5
