import type { Secret } from '../crypto/keyring.ts'
import type { Logger } from '../logger.ts'

export interface SecretOptions {
  /** Signs cookies. Default `KERNIA_SECRET`; required in production, unless `secrets` are given. */
  secret?: string
  /**
   * Several secrets, to change them without signing anyone out: the first signs and seals, all of them verify and
   * open. Default `KERNIA_SECRETS`, written `2:new,1:old`. A `secret` beside them is the oldest.
   */
  secrets?: readonly { version: number; value: string }[]
}

const SHORTEST = 32

/**
 * The secrets of an instance, the newest first.
 * @throws when there is none in production, one is short there, or two have one version
 */
export function resolveSecrets(
  { secret, secrets, logger }: SecretOptions & { logger?: Logger },
  env: NodeJS.ProcessEnv,
  isProduction: boolean,
): readonly Secret[] {
  const versioned = secrets ?? parseSecrets(env.KERNIA_SECRETS ?? env.BETTER_AUTH_SECRETS)
  const single = secret ?? env.KERNIA_SECRET ?? env.BETTER_AUTH_SECRET ?? env.AUTH_SECRET
  for (const [at, { version, value }] of versioned.entries()) {
    if (!Number.isSafeInteger(version) || version < 0) throw new Error(`init: secrets[${at}] has no version`)
    if (!value) throw new Error(`init: the secret of version ${version} is empty`)
    if (versioned.findIndex(other => other.version === version) !== at) {
      throw new Error(`init: two secrets have the version ${version}`)
    }
  }
  const known = versioned.some(({ value }) => value === single)
  const all: Secret[] = [...versioned, ...(single && !known ? [{ value: single }] : [])]
  if (isProduction && all.some(({ value }) => value.length < SHORTEST)) {
    throw new Error('init: the secret is too short; use `kernia secret`')
  }
  if (all.length > 0) return all
  if (isProduction) throw new Error('init: set `secret` or KERNIA_SECRET; it is required in production')
  // Never a constant: a well-known secret that slips into production would let anyone forge a session.
  logger?.warn?.('no secret is set: a random one is used, and sessions end with this process')
  return [{ value: crypto.randomUUID() + crypto.randomUUID(), isGenerated: true }]
}

function parseSecrets(text = ''): { version: number; value: string }[] {
  const entries = text.split(',').filter(entry => entry.trim() !== '')
  return entries.map(entry => {
    const [, version, value] = /^\s*(\d+):(.+?)\s*$/.exec(entry) ?? []
    // Not shown: the text holds secrets.
    if (!version || !value) throw new Error('init: KERNIA_SECRETS must be written as version:secret,version:secret')
    return { version: Number(version), value }
  })
}
