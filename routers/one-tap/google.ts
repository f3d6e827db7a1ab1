import type { AuthContext, Kernel } from '../../src/context.ts'
import type { OAuthProvider } from '../../src/oauth/provider.ts'
import { google } from '../../src/oauth/providers/google.ts'
import type { OneTapOptions } from './options.ts'

/** Finds Google as the plugin has it, for any instance that it is a plugin of; each has one, which keeps Google's keys. */
export function createGoogle({ clientId, disableSignup }: OneTapOptions) {
  const made = new WeakMap<Kernel, Promise<OAuthProvider | undefined>>()
  return ({ kernel }: AuthContext): Promise<OAuthProvider | undefined> => {
    const known = made.get(kernel) ?? make(kernel)
    made.set(kernel, known)
    return known
  }

  async function make({ providers, now }: Kernel): Promise<OAuthProvider | undefined> {
    const configured = (await providers.find('google'))?.options
    const options = {
      ...configured,
      clientId: clientId ?? configured?.clientId,
      disableSignUp: disableSignup ?? configured?.disableSignUp,
      // That is about the other route.
      disableIdTokenSignIn: false,
    }
    // A token for just anybody is not one for this application.
    return options.clientId?.length ? google(options, { now }) : undefined
  }
}
