import type { AuthContext, Kernel } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { adminConfigErrors, methodErrors } from './errors.ts'
import type { AdminConfigSettings } from './options.ts'
import type { ConfigValue } from './sections.ts'
import { readSection, writeSection } from './store.ts'

/** Ways to sign in, by name: whether they are on. */
export type Methods = Record<string, boolean>

/** The switches of each instance that the plugin is part of. Kept for a while, so that few calls ask the database. */
export interface MethodSwitches {
  /** All ways to sign in that the instance has. */
  list(kernel: Kernel): Promise<Methods>
  /**
   * Turns some of them on or off; the others stay.
   * @throws UNKNOWN_AUTH_METHOD, NO_AUTH_METHOD_LEFT
   */
  set(kernel: Kernel, changes: Methods): Promise<Methods>
  /** @throws AUTH_METHOD_DISABLED */
  refuseDisabled(auth: AuthContext, method: string): Promise<void>
}

interface Known {
  stored: Promise<ConfigValue>
  readAt: number
}

export function createMethodSwitches({ defaults, readEvery }: AdminConfigSettings): MethodSwitches {
  const instances = new WeakMap<Kernel, Known>()
  const isOn = (stored: ConfigValue, name: string) => (own(stored, name) ?? own(defaults, name)) !== false
  const recent = (kernel: Kernel): Promise<ConfigValue> => {
    const now = kernel.now().getTime()
    const known = instances.get(kernel)
    if (known && now >= known.readAt && now < known.readAt + readEvery * 1000) return known.stored
    const stored = readSection(kernel, 'auth-methods')
    instances.set(kernel, { stored, readAt: now })
    // What could not be read is asked for again.
    stored.catch(() => instances.delete(kernel))
    return stored
  }
  const all = async (kernel: Kernel, stored: ConfigValue): Promise<Methods> =>
    Object.fromEntries((await methodNames(kernel)).map(name => [name, isOn(stored, name)]))
  return {
    list: async kernel => all(kernel, await recent(kernel)),
    set: async (kernel, changes) => {
      const names = await methodNames(kernel)
      assertKnown(names, changes)
      const change = (stored: ConfigValue) => {
        const next = { ...stored, ...changes }
        if (!names.some(name => isOn(next, name))) throw new AuthError(adminConfigErrors.NO_AUTH_METHOD_LEFT)
        return next
      }
      const stored = await writeSection(kernel, 'auth-methods', { change })
      instances.delete(kernel)
      return all(kernel, stored)
    },
    refuseDisabled: async ({ kernel }, method) => {
      if (isOn(await recent(kernel), method)) return
      throw new AuthError(methodErrors.AUTH_METHOD_DISABLED, { redirectCode: 'auth_method_disabled' })
    },
  }
}

/** Those of plugins, and the providers. */
async function methodNames({ plugins, providers, options }: Kernel): Promise<string[]> {
  const own = plugins.flatMap(({ signInMethod }) => signInMethod ?? [])
  const there = own.filter(name => name !== 'email-password' || options.emailAndPassword.enabled)
  return [...new Set([...there, ...(await providers.list()).map(({ id }) => id)])].sort()
}

function assertKnown(names: readonly string[], changes: Methods): void {
  const unknown = Object.keys(changes).find(name => !names.includes(name))
  if (unknown === undefined) return
  const message = `There is no way to sign in that is called "${unknown}"`
  throw new AuthError(adminConfigErrors.UNKNOWN_AUTH_METHOD, { message })
}

function own<T>(value: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined
}
