import type { Organization } from '../../entities/organization.ts'
import type { Hooks } from '../../src/context.ts'
import type { ErrorDefinition } from '../../src/errors.ts'
import { factorErrors } from './errors.ts'

/** What an organization asks of its members: nothing, a second factor, or a way to sign in that cannot be phished. */
export type RequiredFactor = boolean | 'phishing-resistant'

/** The same for all organizations, or a function of one. */
export type SecondFactorRule =
  | RequiredFactor
  // biome-ignore lint/suspicious/noExplicitAny: the application's additional fields are not known here
  | ((organization: Organization & Record<string, any>) => RequiredFactor | Promise<RequiredFactor>)

type FactorHook = 'hasSecondFactor' | 'hasPhishingResistantFactor'

/** The hook that knows whether somebody has the factor, and what those who have not are refused with. */
export function askedFor(factor: true | 'phishing-resistant'): { hook: FactorHook; refusal: ErrorDefinition } {
  return factor === true
    ? { hook: 'hasSecondFactor', refusal: factorErrors.SECOND_FACTOR_REQUIRED }
    : { hook: 'hasPhishingResistantFactor', refusal: factorErrors.PHISHING_RESISTANT_FACTOR_REQUIRED }
}

/**
 * That members can have what is asked of them.
 * @throws where no plugin of the instance knows the factor
 */
export function assertFactorKnown(
  rule: SecondFactorRule | undefined,
  plugins: readonly { id: string; hooks?: Hooks }[],
): void {
  if (!rule) return
  const wanted: readonly FactorHook[] =
    typeof rule === 'function' ? ['hasSecondFactor', 'hasPhishingResistantFactor'] : [askedFor(rule).hook]
  if (wanted.some(hook => plugins.some(({ hooks }) => hooks?.[hook]))) return
  const missing = rule === 'phishing-resistant' ? 'passkey' : 'twoFactor'
  throw new Error(
    `organization: requireSecondFactor needs a plugin by which members can have one, such as ${missing}; none has the hook ${wanted.join(' or ')}`,
  )
}
