export type { OpenApiDocument } from './description.ts'
export { openApiDocument } from './document.ts'
export { createRestHandler, type RestAnswer } from './handler.ts'
export { readText } from './request-input.ts'
