import type { AdminConfig } from '../../entities/admin-config.ts'
import { UniqueViolation } from '../../src/adapters/contract.ts'
import type { Kernel } from '../../src/context.ts'
import { AuthError, errors } from '../../src/errors.ts'
import { adminConfigErrors } from './errors.ts'
import { opened, sealed } from './secrets.ts'
import { type ConfigValue, SECTIONS, type Section } from './sections.ts'

const MODEL = 'adminConfig'
const LARGEST = 32 * 1024

const whereKey = (key: Section) => [{ field: 'key', value: key }]
const purposeOf = (section: Section) => `admin-config:${section}`

/** A section as it is stored, with its secrets sealed; empty where nobody has set anything. */
export async function readSection({ adapter }: Kernel, section: Section): Promise<ConfigValue> {
  const row = (await adapter.findOne({ model: MODEL, where: whereKey(section) })) as AdminConfig | null
  return row ? (JSON.parse(row.value) as ConfigValue) : {}
}

/** A section as it was sent, for the application's own code. A secret that no key of the instance opens is null. */
export function openSection({ keys }: Kernel, section: Section, stored: ConfigValue): ConfigValue {
  return opened(stored, text => keys.open(purposeOf(section), text))
}

/** How often a write begins anew when another one was faster. */
const MOST_ATTEMPTS = 10

export interface SectionChange {
  /** What is to be in the place of what is stored. */
  change(stored: ConfigValue): ConfigValue
  /** Further keys whose values are secrets, now and from now on. */
  secretFields?: readonly string[]
}

/**
 * Writes a section. Of writers at the same time each sees what the one before has written.
 * @throws NOTHING_BEHIND_REDACTION, ADMIN_CONFIG_TOO_LARGE, SERVICE_BUSY
 */
export async function writeSection(kernel: Kernel, section: Section, wish: SectionChange): Promise<ConfigValue> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const row = (await kernel.adapter.findOne({ model: MODEL, where: whereKey(section) })) as AdminConfig | null
    const { value, secretFields } = changed(kernel, section, { row, ...wish })
    const data = { value: JSON.stringify(value), secretFields: JSON.stringify(secretFields) }
    if (data.value.length > LARGEST) throw new AuthError(adminConfigErrors.ADMIN_CONFIG_TOO_LARGE)
    if (await putRow(kernel, section, { row, data })) return value
  }
  throw new AuthError(errors.SERVICE_BUSY)
}

function changed(
  { keys }: Kernel,
  section: Section,
  { row, change, secretFields = [] }: SectionChange & { row: AdminConfig | null },
): { value: ConfigValue; secretFields: string[] } {
  const stored = row ? (JSON.parse(row.value) as ConfigValue) : {}
  // What was a secret once stays one, whatever a later writer says.
  const before = JSON.parse(row?.secretFields ?? '[]') as string[]
  const secrets = new Set([...SECTIONS[section], ...before, ...secretFields].map(name => name.toLowerCase()))
  const value = sealed(change(stored), stored, {
    isSecret: key => secrets.has(key.toLowerCase()),
    seal: text => keys.seal(purposeOf(section), text),
  })
  return { value, secretFields: [...secrets] }
}

/** Whether it was written: not when somebody else has written since `row` was read. */
async function putRow(
  { adapter, now, newId }: Kernel,
  key: Section,
  { row, data }: { row: AdminConfig | null; data: { value: string; secretFields: string } },
): Promise<boolean> {
  const update = { ...data, revision: (row?.revision ?? 0) + 1, updatedAt: now() }
  if (row) {
    const where = [...whereKey(key), { field: 'revision', value: row.revision }]
    return (await adapter.updateMany({ model: MODEL, where, update })) > 0
  }
  try {
    await adapter.create({ model: MODEL, data: { id: newId(MODEL), key, createdAt: now(), ...update } })
    return true
  } catch (error) {
    if (error instanceof UniqueViolation) return false
    throw error
  }
}
