import type { Organization } from '../../entities/organization.ts'
import type { Hooks } from '../../src/context.ts'
import { type ErrorDefinition, errors } from '../../src/errors.ts'
import { factorErrors } from './errors.ts'

/**
 * What an organization asks of its members: nothing, a second factor, a way to sign in that cannot be phished, or that the
 * session they use was proved with a second factor.
 */
export type RequiredFactor = boolean | 'phishing-resistant' | 'proven'

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
  const wanted = hooksFor(rule)
  if (wanted.some(hook => plugins.some(({ hooks }) => hooks?.[hook]))) return
  const missing = rule === 'phishing-resistant' ? 'passkey' : 'twoFactor'
  throw new Error(
    `organization: requireSecondFactor needs a plugin by which members can have one, such as ${missing}; none has the hook ${wanted.join(' or ')}`,
  )
}

function hooksFor(rule: SecondFactorRule): readonly (FactorHook | 'secondFactorAt')[] {
  if (rule === 'proven') return ['secondFactorAt']
  if (typeof rule === 'function') return ['hasSecondFactor', 'hasPhishingResistantFactor', 'secondFactorAt']
  return rule ? [askedFor(rule).hook] : []
}

/** What members may be refused with. */
export function refusalsOf(rule: SecondFactorRule | undefined): readonly ErrorDefinition[] {
  if (!rule) return []
  const proof = rule === 'proven' || typeof rule === 'function' ? [errors.STEP_UP_REQUIRED] : []
  return [...Object.values(factorErrors), ...proof]
}
