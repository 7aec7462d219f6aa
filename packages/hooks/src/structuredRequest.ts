import {
  checkRequest,
  jsonSchemaFormat,
  toJsonSchema,
  type ChatCompletionParams,
  type EndpointProfile,
  type JsonSchema,
  type RequestMessage,
  type ResponseFormat,
  type SchemaSource,
} from '@candor/core'

import type { TurnParams } from './ChatHandle.ts'

/**
 * How a server is made to answer in the form of a schema: held to the schema, held to JSON and told the schema, or only
 * told; or by parameters of its own, such as a grammar.
 */
export type AnswerFormat = NamedFormat | ((jsonSchema: JsonSchema) => TurnParams)
type NamedFormat = 'json_schema' | 'json_object' | 'prompt'

/** The form that an answer is to have. */
export interface StructuredForm {
  schema: SchemaSource
  name: string
  description: string | undefined
  strict: boolean | undefined
  format: AnswerFormat | undefined
  profile: EndpointProfile | undefined
}

/** The request with the form of its answer asked for, in the strictest way that the profile knows of. */
export function structuredRequest(request: ChatCompletionParams, form: StructuredForm): ChatCompletionParams {
  const { schema, profile } = form
  if (typeof form.format === 'function') {
    const asked: ChatCompletionParams = { ...request }
    for (const [name, value] of Object.entries(form.format(toJsonSchema(schema)))) {
      if (value !== undefined) asked[name] = value
    }
    return asked
  }
  const bySchema = schemaFormat(form)
  const format = form.format ?? strictestFormat(bySchema, profile)
  switch (format) {
    case 'json_schema':
      return { ...request, response_format: bySchema }
    case 'json_object':
      return { ...request, messages: withSchemaTold(request.messages, schema), response_format: jsonObject }
    case 'prompt':
      return { ...request, messages: withSchemaTold(request.messages, schema) }
    default: {
      const unknown: never = format
      return unknown
    }
  }
}

const jsonObject: ResponseFormat = { type: 'json_object' }

function schemaFormat({ schema, name, description, strict }: StructuredForm): ResponseFormat {
  const words = description === undefined ? {} : { description }
  if (strict !== undefined) return jsonSchemaFormat(name, schema, { ...words, strict })
  try {
    return jsonSchemaFormat(name, schema, { ...words, strict: true })
  } catch {
    // Not every schema has a strict form; the answer is checked here in any case.
    return jsonSchemaFormat(name, schema, { ...words, strict: false })
  }
}

function strictestFormat(bySchema: ResponseFormat, profile: EndpointProfile | undefined): NamedFormat {
  if (isTaken(bySchema, profile)) return 'json_schema'
  return isTaken(jsonObject, profile) ? 'json_object' : 'prompt'
}

/** Whether a server does what a format says, as far as its profile tells. */
function isTaken(response_format: ResponseFormat, profile: EndpointProfile | undefined): boolean {
  if (profile === undefined) return true
  const messages: RequestMessage[] = [{ role: 'user', content: 'JSON' }]
  const found = checkRequest({ model: 'any', messages, response_format }, { profile })
  return !found.some(({ path }) => path === 'response_format' || path === 'response_format.type')
}

function withSchemaTold(messages: readonly RequestMessage[], schema: SchemaSource): RequestMessage[] {
  const words = `Answer with nothing but JSON of this JSON Schema: ${JSON.stringify(toJsonSchema(schema))}`
  const [first, ...rest] = messages
  // Into the instructions that are there: many chat templates take only one system message.
  return first?.role === 'system' && typeof first.content === 'string'
    ? [{ ...first, content: `${first.content}\n\n${words}` }, ...rest]
    : [{ role: 'system', content: words }, ...messages]
}
