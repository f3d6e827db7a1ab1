import { z } from 'zod'
import type { SignedInContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { adminConfigErrors } from './errors.ts'
import type { MethodSwitches } from './methods.ts'
import type { AdminConfigSettings } from './options.ts'
import { redacted } from './secrets.ts'
import type { ConfigValue, Section } from './sections.ts'
import { readSection, writeSection } from './store.ts'

export const tags = ['Admin config']
const key = z.string().min(1).max(255)
export const methods = z.record(key, z.boolean())
export const configValue = z.record(key, z.unknown())
export const secretFields = z.array(key).max(100).optional()

/** What the procedures share. */
export interface Parts {
  settings: AdminConfigSettings
  switches: MethodSwitches
}

/** @throws ADMIN_CONFIG_FORBIDDEN, and what plugins refuse an administrator's session with, such as STEP_UP_REQUIRED */
export async function requireAdministrator(auth: SignedInContext, { settings }: Parts): Promise<void> {
  const { authorize } = settings
  const { session, user } = auth.signedIn
  const isAllowed = authorize
    ? await authorize({ session, user })
    : await auth.kernel.hooks.administers({ session, user }, auth)
  if (isAllowed !== true) throw new AuthError(adminConfigErrors.ADMIN_CONFIG_FORBIDDEN)
}

/** What can be wrong with setting something. */
export const writing = [
  adminConfigErrors.ADMIN_CONFIG_FORBIDDEN,
  adminConfigErrors.NOTHING_BEHIND_REDACTION,
  adminConfigErrors.ADMIN_CONFIG_TOO_LARGE,
]

/** A section as administrators see it. @throws what `requireAdministrator` does */
export async function showSection(auth: SignedInContext, parts: Parts, section: Section): Promise<ConfigValue> {
  await requireAdministrator(auth, parts)
  return redacted(await readSection(auth.kernel, section))
}

/**
 * Sets a section, and gives it back as administrators see it.
 * @throws what `requireAdministrator` does, and what is in `writing`
 */
export async function setSection(
  auth: SignedInContext,
  parts: Parts,
  { section, value, secretFields }: { section: Section; value: Record<string, unknown>; secretFields?: string[] },
): Promise<ConfigValue> {
  await requireAdministrator(auth, parts)
  // What has come in is JSON, and not deeper than inputs may be.
  const change = () => value as ConfigValue
  const stored = await writeSection(auth.kernel, section, { change, secretFields })
  await auth.kernel.events.emit('admin-config.changed', { section, userId: auth.signedIn.user.id })
  return redacted(stored)
}
