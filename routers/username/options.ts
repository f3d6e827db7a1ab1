import type { usernameSchema } from '../../entities/username.ts'
import type { SchemaNames } from '../../src/plugin-schema.ts'

/** When a name is checked: as it was sent, or as it will be stored. */
export type ValidationOrder = 'pre-normalization' | 'post-normalization'

export interface UsernameOptions {
  /** Shortest username, in UTF-16 units; default 3. */
  minUsernameLength?: number
  /** Longest username, in UTF-16 units; default 30, at most 255. */
  maxUsernameLength?: number
  /** Whether a username will do; default: letters and digits of ASCII, `_` and `.`. */
  usernameValidator?: (username: string) => boolean | Promise<boolean>
  /** Whether a display username will do; default: every one does. */
  displayUsernameValidator?: (displayUsername: string) => boolean | Promise<boolean>
  /**
   * The one spelling under which a username is stored and looked up; default lower case, `false` as it was sent. Applied
   * to what it gave, it must give the same.
   */
  usernameNormalization?: ((username: string) => string) | false
  /** The same for the display username; default `false`. */
  displayUsernameNormalization?: ((displayUsername: string) => string) | false
  /** Default `pre-normalization` for both. */
  validationOrder?: { username?: ValidationOrder; displayUsername?: ValidationOrder }
  /** Names of the columns, by field. */
  schema?: SchemaNames<typeof usernameSchema>
}

/** Options with every default filled in. */
export type UsernameRules = ReturnType<typeof resolveUsername>

/** Names beyond it are no key of any database. */
const LONGEST = 255

/** @throws when the lengths make no sense */
export function resolveUsername(options: UsernameOptions) {
  const min = options.minUsernameLength || 3
  const max = options.maxUsernameLength || 30
  if (!(min > 0 && min <= max && max <= LONGEST)) {
    throw new Error(`username: minUsernameLength and maxUsernameLength must be between 1 and ${LONGEST}`)
  }
  const { usernameNormalization: normalize, displayUsernameNormalization: normalizeDisplay } = options
  return {
    min,
    max,
    isValid: options.usernameValidator ?? ((username: string) => /^[a-zA-Z0-9_.]+$/.test(username)),
    isDisplayValid: options.displayUsernameValidator ?? (() => true),
    normalize: normalize === false ? asItIs : (normalize ?? ((username: string) => username.toLowerCase())),
    normalizeDisplay: normalizeDisplay || asItIs,
    order: options.validationOrder?.username ?? 'pre-normalization',
    displayOrder: options.validationOrder?.displayUsername ?? 'pre-normalization',
  }
}

function asItIs(name: string): string {
  return name
}
