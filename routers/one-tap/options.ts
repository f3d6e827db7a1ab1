export interface OneTapOptions {
  /** Whom id tokens are for: the client id of the page, or several. Default that of the provider `google`. */
  clientId?: string | readonly string[]
  /** Nobody is made for an address without a user. Default as the provider `google` has it. */
  disableSignup?: boolean
}
