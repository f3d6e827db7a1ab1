/** An OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0): what of it describes procedures. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; description?: string; license?: { name: string; identifier?: string } }
  servers?: { url: string; description?: string }[]
  tags?: { name: string; description?: string }[]
  /** By path, with parameters in braces. */
  paths?: Record<string, OpenApiPath>
  components?: {
    schemas?: Record<string, JsonSchema>
    securitySchemes?: Record<string, object>
    [kind: string]: Record<string, object> | undefined
  }
}

export interface OpenApiPath {
  get?: OpenApiOperation
  post?: OpenApiOperation
}

/** One REST line. */
export interface OpenApiOperation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  deprecated?: boolean
  /** Names of security schemes; an empty list where anyone may call. */
  security?: Record<string, string[]>[]
  parameters?: OpenApiParameter[]
  requestBody?: OpenApiBody & { required?: boolean }
  /** By status. */
  responses?: Record<string, OpenApiResponse>
}

export interface OpenApiParameter {
  name: string
  in: 'query' | 'path' | 'header' | 'cookie'
  required?: boolean
  description?: string
  schema?: JsonSchema
}

export interface OpenApiResponse extends Partial<OpenApiBody> {
  description: string
  headers?: Record<string, { description?: string; schema?: JsonSchema }>
}

/** By media type. */
export interface OpenApiBody {
  content: Record<string, { schema?: JsonSchema }>
}

/** JSON Schema of the draft 2020-12, which OpenAPI 3.1 takes as it is; elsewhere a reference to one of the components. */
export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  [keyword: string]: unknown
}
