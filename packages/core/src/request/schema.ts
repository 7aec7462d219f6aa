import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

import type { JsonSchema } from '../wire.ts'
import { checkJson, uncheckedKeywords } from './checkJson.ts'
import type { FromJsonSchema } from './FromJsonSchema.ts'
import { isStandardSchema } from './toJsonSchema.ts'

/**
 * What describes the arguments of a tool or the form of an answer: a schema of zod, arktype, valibot or any other
 * library that speaks Standard Schema, or raw JSON Schema (written `as const` where its type should be inferred).
 */
export type SchemaSource = StandardSchemaV1 | { readonly [keyword: string]: unknown }

/** The type of a value that a schema has accepted. */
export type InferSchema<Schema> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : FromJsonSchema<Schema>

/** The type that the model writes, before defaults and transforms of the schema. */
export type InferSchemaInput<Schema> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<Schema>
  : FromJsonSchema<Schema>

/** A value that fits, or what is wrong with it: Standard Schema's own result. */
export type Validation<Value> = StandardSchemaV1.Result<Value>

/**
 * Checks a value (the parsed arguments of a tool call, the parsed answer) and returns it typed. Synchronous where the
 * schema is; `await` it when you do not know.
 */
export function validateWithSchema<Schema extends SchemaSource>(
  schema: Schema,
  value: unknown,
): Validation<InferSchema<Schema>> | Promise<Validation<InferSchema<Schema>>>
export function validateWithSchema(
  schema: SchemaSource,
  value: unknown,
): Validation<unknown> | Promise<Validation<unknown>> {
  const standard = isStandardSchema(schema) ? schema : fromJsonSchema(schema)
  return standard['~standard'].validate(value)
}

/**
 * Raw JSON Schema as a Standard Schema: validates, and infers the type where the schema is written `as const`.
 * Throws on keywords that cannot be checked (`unevaluatedProperties`, dynamic references), since a check that leaves
 * some out would look like one that passed.
 */
export function fromJsonSchema<const Schema extends { readonly [keyword: string]: unknown }>(
  schema: Schema,
): StandardSchemaV1<FromJsonSchema<Schema>> & StandardJSONSchemaV1<FromJsonSchema<Schema>>
export function fromJsonSchema(schema: {
  readonly [keyword: string]: unknown
}): StandardSchemaV1 & StandardJSONSchemaV1 {
  const unchecked = uncheckedKeywords(schema)
  if (unchecked.length > 0) {
    throw new Error(
      `The JSON Schema uses ${[...new Set(unchecked)].join(', ')}, which cannot be checked here. ` +
        'Pair it with a validator that can: withJsonSchema(validator, jsonSchema).',
    )
  }
  const standard: StandardSchemaV1.Props & StandardJSONSchemaV1.Props = {
    version: 1,
    vendor: 'candor',
    validate(value) {
      const issues = checkJson(schema, value).map(({ path, problem, hint }) => ({
        path,
        message: `${problem} ${hint}`,
      }))
      return issues.length === 0 ? { value } : { issues }
    },
    jsonSchema: { input: () => schema, output: () => schema },
  }
  return { '~standard': standard }
}

/** Pairs a schema that cannot say its own JSON Schema with one: the first validates, the second goes to the server. */
export function withJsonSchema<Input, Output>(
  schema: StandardSchemaV1<Input, Output>,
  jsonSchema: JsonSchema,
): StandardSchemaV1<Input, Output> & StandardJSONSchemaV1<Input, Output> {
  const { version, vendor, validate, types } = schema['~standard']
  return {
    '~standard': {
      version,
      vendor,
      validate,
      ...(types === undefined ? {} : { types }),
      jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
    },
  }
}
