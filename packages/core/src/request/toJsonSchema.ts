import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

import type { JsonSchema } from '../wire.ts'
import type { SchemaSource } from './schema.ts'

/**
 * The JSON Schema of what the model is to write, as a server takes it. Raw JSON Schema comes back as it is.
 * Throws where a library cannot tell its JSON Schema, with what to do instead.
 */
export function toJsonSchema(schema: SchemaSource): JsonSchema {
  if (!isStandardSchema(schema)) return schema
  const standard = schema['~standard']
  if (!hasJsonSchema(standard)) {
    throw new Error(
      `This schema of ${standard.vendor} cannot say its own JSON Schema, which the server needs. ${
        ADVICE[standard.vendor] ?? 'Pair it with one: withJsonSchema(schema, jsonSchema).'
      }`,
    )
  }
  const { $schema: _dialect, ...jsonSchema } = inputSchema(standard)
  return jsonSchema
}

function inputSchema(standard: StandardJSONSchemaV1.Props): JsonSchema {
  try {
    return standard.jsonSchema.input({ target: 'draft-2020-12' })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `This schema of ${standard.vendor} cannot be said as JSON Schema, which the server needs: ${reason}. ` +
        'Take what JSON has (for a date, a text that is turned into one), or pair it with one: withJsonSchema(schema, jsonSchema).',
      { cause: error },
    )
  }
}

const ADVICE: { readonly [vendor: string]: string } = {
  valibot: 'Wrap it: toStandardJsonSchema(schema) from @valibot/to-json-schema.',
  zod: 'Use `zod` rather than `zod/mini`, or pair it: withJsonSchema(schema, z.toJSONSchema(schema)).',
}

/** Whether a value is a schema of a library that speaks Standard Schema; arktype's are functions. */
export function isStandardSchema(schema: SchemaSource): schema is StandardSchemaV1 {
  return '~standard' in schema
}

function hasJsonSchema(standard: object): standard is StandardJSONSchemaV1.Props {
  return 'jsonSchema' in standard
}
