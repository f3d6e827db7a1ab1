import { JWT_MODELS } from '../../entities/jwt.ts'
import type { AuthContext, SessionData } from '../../src/context.ts'
import { definePlugin, type Plugin, type ProcedureBuilder } from '../../src/plugin.ts'
import { renameTables } from '../../src/plugin-schema.ts'
import { setExposedHeader } from '../../src/response.ts'
import { isOwners } from '../../src/sessions.ts'
import { createKeyStore } from './key-store.ts'
import { type JwtOptions, resolveJwtOptions } from './options.ts'
import { type JwtRouter, jwtProcedures } from './procedures.ts'
import { type JwtServerRouter, jwtServerProcedures } from './server-procedures.ts'
import { type Issuer, signSession } from './tokens.ts'

export type { JwksAdapter, StoredJwk } from './key-table.ts'
export type { JwtOptions, KeyPairConfig } from './options.ts'
export type { JwtRouter } from './procedures.ts'
export type { JwtServerRouter } from './server-procedures.ts'

/**
 * Signed tokens (JWT, RFC 7519) that tell other services who a user is, and the keys to verify them with.
 * @throws on options that make no sense
 */
export function jwt(options: JwtOptions = {}): Plugin<JwtRouter, typeof JWT_MODELS, never, JwtServerRouter> {
  const settings = resolveJwtOptions(options)
  const issuer: Issuer = { settings, keys: createKeyStore(settings) }
  return definePlugin<JwtRouter, typeof JWT_MODELS, never, JwtServerRouter>({
    id: 'jwt',
    schema: renameTables(JWT_MODELS, options.schema),
    procedures: builder => openProcedures(builder, issuer),
    serverProcedures: builder => jwtServerProcedures(builder, issuer),
    hooks: options.disableSettingJwtHeader
      ? {}
      : { sessionAnswered: (data, auth) => sendSessionToken(auth, data, issuer) },
  })
}

/** Without anybody who may, `rotate` is no procedure at all; its type stays, for it does not know the options. */
function openProcedures(builder: ProcedureBuilder, issuer: Issuer): JwtRouter {
  const { jwt: all } = jwtProcedures(builder, issuer)
  if (issuer.settings.options.rotation?.authorize || builder.hasAdministrators) return { jwt: all }
  const { rotate: _, ...jwt } = all
  return { jwt } as JwtRouter
}

/** The session is read whether or not there can be a token for it. */
async function sendSessionToken(auth: AuthContext, data: SessionData, issuer: Issuer): Promise<void> {
  if (auth.isStreamed) return
  // Other services would see nobody but the user.
  if (!(await isOwners(auth, data))) return
  try {
    setExposedHeader(auth, 'set-auth-jwt', await signSession(auth, data, issuer))
  } catch (error) {
    auth.kernel.log.error('jwt: no token could be made for a session', error)
  }
}
