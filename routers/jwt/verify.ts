import {
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWTVerifyOptions,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'
import type { AuthContext, Kernel } from '../../src/context.ts'
import type { JwtClaims } from '../../src/crypto/jwt-claims.ts'
import type { Issuer } from './tokens.ts'

/** Headers by which a token brings its own key, or demands what is not understood here (RFC 7515, section 4.1). */
const REFUSED_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit']

export type VerifyToken = (auth: AuthContext, token: string, issuer?: string) => Promise<JwtClaims | null>

/**
 * Reads tokens: the claims of one that this instance signed and that holds now, `null` of any other. The key is found by
 * `kid` among the published ones, and only its own algorithm counts (RFC 8725, section 3.1).
 */
export function createVerifier({ settings, keys }: Issuer): VerifyToken {
  const { jwks = {}, jwt = {} } = settings.options
  const remote = jwks.remoteUrl === undefined ? undefined : rememberRemote(jwks.remoteUrl)
  const verify = async (auth: AuthContext, token: string, expected: JWTVerifyOptions) => {
    const header = readHeader(token)
    if (!header?.kid) return null
    if (remote)
      return (await jwtVerify(token, remote(auth.kernel), withAlgorithm(expected, settings.keyPair.alg))).payload
    const key = (await keys.published(auth.kernel)).find(({ id }) => id === header.kid)
    if (!key || key.alg !== header.alg) return null
    return (await jwtVerify(token, await importJWK(key.publicJwk, key.alg), withAlgorithm(expected, key.alg))).payload
  }
  return async (auth, token, issuer = jwt.issuer ?? auth.origin) => {
    const audience = jwt.audience ?? auth.origin
    const currentDate = auth.kernel.now()
    return verify(auth, token, { issuer, audience, currentDate, requiredClaims: ['exp', 'sub'] }).catch(error => {
      if (error instanceof errors.JOSEError) return null
      throw error
    })
  }
}

function withAlgorithm(expected: JWTVerifyOptions, alg: string): JWTVerifyOptions {
  return { ...expected, algorithms: [alg] }
}

function readHeader(token: string): ProtectedHeaderParameters | undefined {
  try {
    const header = decodeProtectedHeader(token)
    const isOther = header.typ !== undefined && !/^(application\/)?jwt$/i.test(header.typ)
    return isOther || REFUSED_HEADERS.some(name => name in header) ? undefined : header
  } catch {
    return undefined
  }
}

function rememberRemote(url: string): (kernel: Kernel) => ReturnType<typeof createRemoteJWKSet> {
  const sets = new WeakMap<Kernel, ReturnType<typeof createRemoteJWKSet>>()
  return kernel => {
    const fetch = (target: string, { headers, signal }: { headers?: Headers; signal?: AbortSignal }) =>
      kernel.fetch(target, { headers, signal })
    const set = sets.get(kernel) ?? createRemoteJWKSet(new URL(url), { [customFetch]: fetch })
    sets.set(kernel, set)
    return set
  }
}
