import { compareDatabase } from '../../migrations/compare.ts'
import { IdKindChanged } from '../../migrations/id-kinds.ts'
import { sqlDatabaseOf } from '../database.ts'
import type { LoadedAuth } from '../load-app.ts'
import { withoutCredentials } from '../output.ts'

/** Something that should be put right, for a person (`message`) and for a machine (`code`). */
export interface Problem {
  code: 'NO_SECRET' | 'WEAK_SECRET' | 'NO_HTTPS' | 'SCHEMA_OUT_OF_DATE' | 'ID_KIND_CHANGED' | 'DATABASE_UNREACHABLE'
  message: string
}

/** Looks for what production should not have. The messages hold no secret. */
export async function findProblems(auth: LoadedAuth, dir?: string): Promise<Problem[]> {
  return [...secretProblems(auth), ...addressProblems(auth), ...(await schemaProblems(auth, dir))]
}

function secretProblems({ context: { options } }: LoadedAuth): Problem[] {
  const use = 'put the output of `kernia secret` into KERNIA_SECRET'
  if (options.secrets.some(({ isGenerated }) => isGenerated)) {
    return [{ code: 'NO_SECRET', message: `no secret is set, so sessions end with the process; ${use}` }]
  }
  return options.secrets.flatMap(({ value, version }) => {
    const why = weaknessOf(value)
    const which = version === undefined ? 'the secret' : `the secret of version ${version}`
    return why ? [{ code: 'WEAK_SECRET', message: `${which} is ${why}; ${use}` }] : []
  })
}

function weaknessOf(secret: string): string | undefined {
  if (secret.length < 32) return 'shorter than 32 characters'
  if (new Set(secret).size < 10) return 'made of few different characters'
  const isWellKnown = /change.?me|your.?secret|placeholder|replace.?(me|this)|example|password/i.test(secret)
  return isWellKnown ? 'a placeholder' : undefined
}

function addressProblems({ context: { options } }: LoadedAuth): Problem[] {
  const { hosts } = options
  if (hosts && hosts.protocol !== 'http') return []
  const { protocol, hostname } = new URL(hosts ? `http://${hosts.patterns[0]}` : options.baseURL)
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol === 'https:' || (isLocal && !options.isProduction)) return []
  const message = `the base URL ${options.baseURL} has no https: cookies travel in the clear`
  return [{ code: 'NO_HTTPS', message }]
}

async function schemaProblems(auth: LoadedAuth, folder?: string): Promise<Problem[]> {
  const database = await sqlDatabaseOf(auth)
  if (!database) return []
  try {
    const { up, changes } = await compareDatabase(database.orm, { ...database, schema: auth.context.schema, folder })
    if (up.length === 0) return []
    const texts = changes.map(({ text }) => text).join('; ')
    const message = `the database is not what the schema needs; run \`kernia generate\` and \`kernia migrate\` (${texts})`
    return [{ code: 'SCHEMA_OUT_OF_DATE', message }]
  } catch (error) {
    if (error instanceof IdKindChanged) return [{ code: error.code, message: error.message }]
    const reason = withoutCredentials(error instanceof Error ? error.message : String(error))
    return [{ code: 'DATABASE_UNREACHABLE', message: `the database could not be compared with the schema: ${reason}` }]
  }
}
