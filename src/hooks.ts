import type { AuthContext, HeldRows, HookRunner, Hooks } from './context.ts'
import type { Logger } from './logger.ts'

type Listener = (event: unknown, auth: AuthContext) => unknown

/** Runs the plugins' hooks in the order of the plugins. */
export function createHookRunner(hooks: readonly Hooks[], log: Logger): HookRunner {
  const takingPart = byPoint(hooks)
  return {
    amend: async (point, draft, auth) => {
      let amended = draft
      for (const hook of takingPart(point)) amended = { ...amended, ...(await hook[point]?.(amended, auth)) }
      return amended
    },
    ask: async (point, event, auth) => {
      for (const hook of takingPart(point)) {
        const answer = await (hook[point] as Listener | undefined)?.call(hook, event, auth)
        // Only a challenge stands in for the rest: no plugin may hide a session or a password from those after it.
        if (answer !== undefined && point === 'credentialVerified') return answer
      }
      return undefined
    },
    tell: async (point, event, auth) => {
      for (const hook of takingPart(point)) {
        try {
          await (hook[point] as Listener | undefined)?.call(hook, event, auth)
        } catch (error) {
          log.error(`a plugin's ${point} failed`, error)
        }
      }
    },
    ...userHooks(hooks),
    ...providerHooks(hooks),
    ...sessionHooks(takingPart),
    ...sessionQuestions(takingPart),
    membershipAsked: async (question, auth) => {
      for (const hook of hooks) {
        const answer = await hook.membershipAsked?.(question, auth)
        if (answer) return answer
      }
      return undefined
    },
  }
}

/** Those of the plugins that take part at a point: a call is not to wait for all who do not. */
type TakingPart = (point: keyof Hooks) => readonly Hooks[]

function byPoint(hooks: readonly Hooks[]): TakingPart {
  const known = new Map<keyof Hooks, readonly Hooks[]>()
  return point => {
    const found = known.get(point) ?? hooks.filter(hook => hook[point])
    known.set(point, found)
    return found
  }
}

/** The points at which plugins take part in who a user says to be. */
function userHooks(
  hooks: readonly Hooks[],
): Pick<HookRunner, 'userFieldsChosen' | 'userLeaving' | 'verificationAsked'> {
  const asking = hooks.find(hook => hook.verificationAsked)
  return {
    userFieldsChosen: async ({ fields, user }, auth) => {
      let chosen = fields
      for (const hook of hooks) {
        chosen = { ...chosen, ...(await hook.userFieldsChosen?.({ fields: chosen, user }, auth)) }
      }
      return chosen
    },
    userLeaving: async (user, auth) => {
      const held: HeldRows[] = []
      for (const hook of hooks) held.push(...((await hook.userLeaving?.(user, auth)) ?? []))
      return held
    },
    ...(asking && { verificationAsked: async (user, auth) => asking.verificationAsked?.(user, auth) ?? undefined }),
  }
}

/** The points at which plugins take part in a browser's way to a provider and back. */
function providerHooks(hooks: readonly Hooks[]): Pick<HookRunner, 'providerLeaving' | 'providerReturned'> {
  return {
    providerLeaving: async (event, auth) => {
      for (const hook of hooks) {
        const way = await hook.providerLeaving?.(event, auth)
        if (way) return way
      }
      return undefined
    },
    providerReturned: async (event, auth) => {
      for (const hook of hooks) {
        const elsewhere = await hook.providerReturned?.(event, auth)
        if (elsewhere) return elsewhere
      }
      return undefined
    },
  }
}

/** The points around a session on its way from and to the client. */
function sessionHooks(
  takingPart: TakingPart,
): Pick<HookRunner, 'sessionToken' | 'sessionMissing' | 'sessionSent' | 'sessionForgotten' | 'sessionsListing'> {
  return {
    sessionToken: auth => {
      for (const hook of takingPart('sessionToken')) {
        const token = hook.sessionToken?.(auth)
        if (token) return token
      }
      return undefined
    },
    sessionMissing: async auth => {
      for (const hook of takingPart('sessionMissing')) {
        const made = await hook.sessionMissing?.(auth)
        if (made) return made
      }
      return null
    },
    sessionSent: (data, auth) => {
      for (const hook of takingPart('sessionSent')) hook.sessionSent?.(data, auth)
    },
    sessionForgotten: auth => {
      for (const hook of takingPart('sessionForgotten')) hook.sessionForgotten?.(auth)
    },
    sessionsListing: async (sessions, auth) => {
      let shown = sessions
      for (const hook of takingPart('sessionsListing')) shown = (await hook.sessionsListing?.(shown, auth)) ?? shown
      return shown
    },
  }
}

type Affirming = 'administers' | 'hasSecondFactor' | 'hasPhishingResistantFactor'

/** What plugins know about a session and its user. */
function sessionQuestions(takingPart: TakingPart): Pick<HookRunner, 'isSessionFixed' | 'secondFactorAt' | Affirming> {
  const anySays =
    (point: Affirming) =>
    async (event: unknown, auth: AuthContext): Promise<boolean> => {
      for (const hook of takingPart(point)) {
        if ((await (hook[point] as Listener | undefined)?.call(hook, event, auth)) === true) return true
      }
      return false
    }
  return {
    isSessionFixed: session => takingPart('isSessionFixed').some(hook => hook.isSessionFixed?.(session)),
    secondFactorAt: current => {
      const times = takingPart('secondFactorAt').flatMap(hook => hook.secondFactorAt?.(current)?.getTime() ?? [])
      return times.length > 0 ? new Date(Math.max(...times)) : null
    },
    administers: anySays('administers'),
    hasSecondFactor: anySays('hasSecondFactor'),
    hasPhishingResistantFactor: anySays('hasPhishingResistantFactor'),
  }
}
