import type { ResponseFormat } from '../wire.ts'
import { validateWithSchema, type InferSchema, type SchemaSource, type Validation } from './schema.ts'
import { toJsonSchema } from './toJsonSchema.ts'
import { toStrictJsonSchema } from './toStrictJsonSchema.ts'

/** What is said of the form of an answer beside its schema. */
export interface JsonSchemaFormatOptions {
  /** What the form is for, for the model. */
  description?: string
  /** Whether the server holds the model to the schema; derives a strict schema, and throws where there is none. @default true */
  strict?: boolean
}

/**
 * `response_format` for an answer of this schema. Throws a `RequestError` where a strict schema cannot be derived.
 *
 * ```ts
 * const person = z.object({ name: z.string() })
 * const request = buildRequest({ model, messages, response_format: jsonSchemaFormat('person', person) })
 * const answer = await parseStructured(person, messageText(completion.choices[0].message))
 * ```
 */
export function jsonSchemaFormat(
  name: string,
  schema: SchemaSource,
  options: JsonSchemaFormatOptions = {},
): Extract<ResponseFormat, { type: 'json_schema' }> {
  const { description, strict = true } = options
  return {
    type: 'json_schema',
    json_schema: {
      name,
      ...(description !== undefined && { description }),
      schema: strict
        ? toStrictJsonSchema(schema, { path: 'response_format.json_schema.schema' })
        : toJsonSchema(schema),
      strict,
    },
  }
}

/** Reads the JSON text of an answer and checks it: typed where it fits, with every issue where it does not. */
export async function parseStructured<Schema extends SchemaSource>(
  schema: Schema,
  text: string,
): Promise<Validation<InferSchema<Schema>>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { issues: [{ message: `The answer is not JSON: ${reason}` }] }
  }
  return validateWithSchema(schema, value)
}
