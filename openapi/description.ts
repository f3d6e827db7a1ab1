/** Members of whoever adds them, such as a gateway (section 4.9). */
interface Extensible {
  [extension: `x-${string}`]: unknown
}

/** An OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0): what of it describes procedures. */
export interface OpenApiDocument extends Extensible {
  openapi: string
  info: { title: string; version: string; description?: string; license?: { name: string; identifier?: string } }
  servers?: { url: string; description?: string }[]
  tags?: { name: string; description?: string }[]
  /** By path, with parameters in braces. */
  paths?: Record<string, OpenApiPath>
  webhooks?: Record<string, OpenApiPath>
  components?: OpenApiComponents
}

/** By the name that references have for it. */
export interface OpenApiComponents extends Extensible {
  schemas?: Record<string, JsonSchema>
  securitySchemes?: Record<string, OpenApiSecurityScheme>
}

export interface OpenApiSecurityScheme extends Extensible {
  type: 'apiKey' | 'http' | 'oauth2' | 'openIdConnect'
  description?: string
  /** Where an API key is. */
  in?: 'query' | 'header' | 'cookie'
  name?: string
}

export interface OpenApiPath extends Extensible {
  get?: OpenApiOperation
  post?: OpenApiOperation
}

/** One REST line. */
export interface OpenApiOperation extends Extensible {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  deprecated?: boolean
  /** Names of security schemes; an empty list where anyone may call. */
  security?: Record<string, string[]>[]
  parameters?: OpenApiParameter[]
  requestBody?: OpenApiRequestBody
  /** By status. */
  responses?: Record<string, OpenApiResponse>
}

export interface OpenApiParameter extends Extensible {
  name: string
  in: 'query' | 'path' | 'header' | 'cookie'
  required?: boolean
  description?: string
  schema?: JsonSchema
}

export interface OpenApiRequestBody extends OpenApiBody {
  required?: boolean
}

export interface OpenApiResponse extends Partial<OpenApiBody> {
  description: string
  headers?: Record<string, { description?: string; schema?: JsonSchema } & Extensible>
}

/** By media type. */
export interface OpenApiBody extends Extensible {
  content: Record<string, { schema?: JsonSchema } & Extensible>
}

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null'

/** JSON Schema of the draft 2020-12, which OpenAPI 3.1 takes as it is; elsewhere a reference to one of the components. */
export interface JsonSchema {
  $ref?: string
  type?: JsonType | JsonType[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  [keyword: string]: unknown
}
