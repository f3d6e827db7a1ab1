export interface BearerOptions {
  /**
   * Takes signed tokens only, as `set-auth-token` has them, and not the bare token of a sign-in's answer. Default false.
   */
  requireSignature?: boolean
}
