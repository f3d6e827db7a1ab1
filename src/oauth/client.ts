import type { SocialProviderOptions } from './options.ts'

type ClientOptions = Pick<SocialProviderOptions, 'clientId' | 'clientKey'>

/** Every client id of the application at a provider: whoever has a token for one of them has it for us. */
export function clientIdsOf({ clientId, clientKey }: ClientOptions): string[] {
  return [clientId ?? clientKey ?? []].flat().filter(id => id !== '')
}

/** The client id that signs in by redirect, which the client secret belongs to: the first. */
export function primaryClientId({ clientId, clientKey }: ClientOptions): string | undefined {
  return [clientId ?? clientKey ?? []].flat()[0] || undefined
}

/** Which of the `required` options are not given; an empty text, as of an unset variable, is not given. */
export function missingOptions<O extends SocialProviderOptions>(
  options: O,
  required: readonly (keyof O & string)[],
): string[] {
  return required.filter(name => {
    const value = options[name]
    return name === 'clientId' ? !primaryClientId({ clientId: options.clientId }) : value === undefined || value === ''
  })
}
