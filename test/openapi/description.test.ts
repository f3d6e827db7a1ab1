import type { OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { expectTypeOf, it } from 'vitest'
import type { OpenApiDocument } from '../../openapi/index.ts'

it('the type of the document is one that tools with the types of openapi3-ts take', () => {
  expectTypeOf<OpenApiDocument>().toExtend<ReturnType<OpenApiGeneratorV31['generateDocument']>>()
})
