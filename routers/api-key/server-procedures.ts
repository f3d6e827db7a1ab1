import { z } from 'zod'
import type { AuthContext } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import type { ServerProcedureBuilder } from '../../src/plugin.ts'
import { chooseConfiguration } from './configurations.ts'
import { apiKeyErrors } from './errors.ts'
import { deleteExpiredRows } from './expired.ts'
import type { Parts } from './parts.ts'
import { type ApiKey, publicKey, verifyInput, verifyOutput } from './schemas.ts'
import { KeyRateLimited } from './use.ts'
import { passesOwnCheck, validateKey } from './validate.ts'

const tags = ['API keys']

/** `apiKey.verify` and `.deleteAllExpired`, for the application's own code */
export function apiKeyServerProcedures({ procedure }: ServerProcedureBuilder, parts: Parts) {
  return {
    apiKey: {
      verify: procedure
        .public({
          operationId: 'verifyApiKey',
          summary: "Checks a key that somebody has called the application's own endpoints with, and counts one use",
          errors: [apiKeyErrors.NO_DEFAULT_API_KEY_CONFIGURATION_FOUND],
          tags,
        })
        .input(verifyInput)
        .output(verifyOutput)
        .mutation(({ ctx: { auth }, input }) => verifyKey(auth, parts, input)),

      deleteAllExpired: procedure
        .public({
          operationId: 'deleteAllExpiredApiKeys',
          summary: 'Deletes the keys of everybody that have expired',
          tags,
        })
        .output(z.object({ success: z.boolean(), error: z.null() }))
        .mutation(async ({ ctx: { auth } }) => {
          await deleteExpiredRows(auth.kernel)
          return { success: true, error: null }
        }),
    },
  }
}

export interface ApiKeyServerRouter extends ReturnType<typeof apiKeyServerProcedures> {}

async function verifyKey(
  auth: AuthContext,
  parts: Parts,
  { key: secret, configId, permissions }: z.output<typeof verifyInput>,
): Promise<z.output<typeof verifyOutput>> {
  const configuration = chooseConfiguration(parts.configurations, configId)
  const presented = { secret, configuration, permissions }
  if (!(await passesOwnCheck(auth, presented))) {
    const { message } = apiKeyErrors.INVALID_API_KEY
    return refused({ message, code: apiKeyErrors.KEY_NOT_FOUND.code })
  }
  try {
    const { key } = await validateKey(auth, parts, presented)
    return { valid: true, error: null, key: publicKey(key) satisfies ApiKey }
  } catch (error) {
    // What went wrong with the server is no fault of the key.
    if (!(error instanceof AuthError) || error.status >= 500) throw error
    const { message, authCode: code } = error
    return refused({
      message,
      code,
      ...(error instanceof KeyRateLimited && { details: { tryAgainIn: error.tryAgainIn } }),
    })
  }
}

function refused(error: NonNullable<z.output<typeof verifyOutput>['error']>) {
  return { valid: false, error, key: null }
}
