import { z } from 'zod'
import type { ProcedureBuilder } from '../../src/plugin.ts'
import { createKey } from './create.ts'
import { apiKeyErrors, ownerErrors } from './errors.ts'
import { listKeys } from './list.ts'
import { accessKey, deleteKey, updateKey } from './manage.ts'
import type { Parts } from './parts.ts'
import { rotateKey } from './rotate.ts'
import {
  apiKeyOutput,
  createInput,
  deleteInput,
  getInput,
  listInput,
  newApiKeyOutput,
  publicKey,
  rotatedKeyOutput,
  rotateInput,
  updateInput,
} from './schemas.ts'

const tags = ['API keys']

const changeErrors = [
  ...ownerErrors,
  apiKeyErrors.SIGN_IN_REQUIRED,
  apiKeyErrors.UNAUTHORIZED_SESSION,
  apiKeyErrors.SERVER_ONLY_PROPERTY,
  apiKeyErrors.INVALID_NAME_LENGTH,
  apiKeyErrors.INVALID_METADATA_TYPE,
  apiKeyErrors.REFILL_AMOUNT_AND_INTERVAL_REQUIRED,
  apiKeyErrors.REFILL_INTERVAL_AND_AMOUNT_REQUIRED,
  apiKeyErrors.KEY_DISABLED_EXPIRATION,
  apiKeyErrors.EXPIRES_IN_IS_TOO_SMALL,
  apiKeyErrors.EXPIRES_IN_IS_TOO_LARGE,
]

/** `apiKey.create`, `.get`, `.update`, `.rotate`, `.delete` and `.list` */
export function apiKeyProcedures(builder: ProcedureBuilder, parts: Parts) {
  return { apiKey: { ...writing(builder, parts), ...ending(builder, parts), ...reading(builder, parts) } }
}

export interface ApiKeyRouter extends ReturnType<typeof apiKeyProcedures> {}

function writing({ procedure }: ProcedureBuilder, parts: Parts) {
  return {
    create: procedure
      .public({
        rest: 'POST /api-key/create',
        operationId: 'createApiKey',
        ownerOnly: true,
        summary: 'Makes a key for the signed-in user, or for an organization; the answer is the only one that has it',
        description: 'Needs a session; the own code of the application names a `userId` instead, and may set limits.',
        errors: [
          ...changeErrors,
          apiKeyErrors.METADATA_DISABLED,
          apiKeyErrors.INVALID_PREFIX_LENGTH,
          apiKeyErrors.NAME_REQUIRED,
          apiKeyErrors.ORGANIZATION_ID_REQUIRED,
        ],
        tags,
      })
      .input(createInput)
      .output(newApiKeyOutput)
      .mutation(({ ctx: { auth }, input }) => createKey(auth, parts, input)),

    update: procedure
      .public({
        rest: 'POST /api-key/update',
        operationId: 'updateApiKey',
        ownerOnly: true,
        summary: 'Changes a key of the signed-in user, or of an organization',
        description: 'Needs a session; the own code of the application names a `userId` instead, and may set limits.',
        errors: [
          ...changeErrors,
          apiKeyErrors.KEY_NOT_FOUND,
          apiKeyErrors.KEY_ALREADY_ROTATED,
          apiKeyErrors.NO_VALUES_TO_UPDATE,
        ],
        tags,
      })
      .input(updateInput)
      .output(apiKeyOutput)
      .mutation(({ ctx: { auth }, input }) => updateKey(auth, parts, input)),
  }
}

function ending({ procedure }: ProcedureBuilder, parts: Parts) {
  return {
    rotate: procedure
      .public({
        rest: 'POST /api-key/rotate',
        operationId: 'rotateApiKey',
        ownerOnly: true,
        summary: 'Puts a new key in the place of one, which goes on working for `overlap` seconds; both count as one',
        description: 'Needs a session; the own code of the application names a `userId` instead.',
        errors: [
          ...ownerErrors,
          apiKeyErrors.SIGN_IN_REQUIRED,
          apiKeyErrors.UNAUTHORIZED_SESSION,
          apiKeyErrors.OVERLAP_IS_TOO_LARGE,
          apiKeyErrors.KEY_NOT_FOUND,
          apiKeyErrors.KEY_ALREADY_ROTATED,
        ],
        tags,
      })
      .input(rotateInput)
      .output(rotatedKeyOutput)
      .mutation(({ ctx: { auth }, input }) => rotateKey(auth, parts, input)),

    delete: procedure
      .sensitive({
        rest: 'POST /api-key/delete',
        operationId: 'deleteApiKey',
        ownerOnly: true,
        summary: 'Deletes a key of the signed-in user, or of an organization',
        errors: [...ownerErrors, apiKeyErrors.KEY_NOT_FOUND],
        tags,
      })
      .input(deleteInput)
      .output(z.object({ success: z.boolean() }))
      .mutation(async ({ ctx: { auth }, input }) => {
        await deleteKey(auth, parts, input)
        return { success: true }
      }),
  }
}

function reading({ procedure }: ProcedureBuilder, parts: Parts) {
  return {
    get: procedure
      .session({
        rest: 'GET /api-key/get',
        operationId: 'getApiKey',
        summary: 'A key of the signed-in user, or of an organization, without the key itself',
        errors: [...ownerErrors, apiKeyErrors.KEY_NOT_FOUND],
        tags,
      })
      .input(getInput)
      .output(apiKeyOutput)
      .query(async ({ ctx: { auth }, input }) => {
        const wanted = { ...input, userId: auth.signedIn.user.id, action: 'read' as const }
        const { key } = await accessKey(auth, parts, wanted)
        return publicKey(key)
      }),

    list: procedure
      .session({
        rest: 'GET /api-key/list',
        operationId: 'listApiKeys',
        summary: 'The keys of the signed-in user, or of an organization',
        errors: [...ownerErrors],
        tags,
      })
      .input(listInput)
      .output(
        z.object({
          apiKeys: z.array(apiKeyOutput),
          total: z.number(),
          limit: z.number().optional(),
          offset: z.number().optional(),
        }),
      )
      .query(({ ctx: { auth }, input }) => listKeys(auth, parts, input)),
  }
}
