import type { ApiKeyRow } from '../../entities/api-key.ts'
import { AuthError } from '../../src/errors.ts'
import { apiKeyErrors } from './errors.ts'
import type { KeyConfiguration } from './options.ts'

type Configurations = readonly KeyConfiguration[]

/** The id of a configuration; keys and calls of old name none. */
export function configIdOf(id: string | null | undefined): string {
  return id || 'default'
}

/**
 * The configuration a call is about: the one it names, else the default one. A name that nothing has is the default, too.
 * @throws NO_DEFAULT_API_KEY_CONFIGURATION_FOUND
 */
export function chooseConfiguration(configurations: Configurations, configId: string | undefined): KeyConfiguration {
  const chosen =
    configurations.find(configuration => configuration.configId === configId) ??
    configurations.find(configuration => configuration.configId === 'default')
  if (!chosen) throw new AuthError(apiKeyErrors.NO_DEFAULT_API_KEY_CONFIGURATION_FOUND)
  return chosen
}

/** The configuration a key was made under; `undefined` when it is gone. */
export function configurationOf(configurations: Configurations, key: ApiKeyRow): KeyConfiguration | undefined {
  return configurations.find(({ configId }) => configId === configIdOf(key.configId))
}
