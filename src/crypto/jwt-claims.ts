/** The claims of a token: those that RFC 7519 registers (section 4.1), times in seconds, and whatever else it says. */
export interface JwtClaims {
  iss?: string
  sub?: string
  aud?: string | string[]
  jti?: string
  nbf?: number
  exp?: number
  iat?: number
  [claim: string]: unknown
}
