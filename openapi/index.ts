export { type OpenApiDocument, openApiDocument } from './document.ts'
export { createRestHandler, type RestAnswer } from './handler.ts'
export { readText } from './request-input.ts'
