import type { JsonSchema } from '../wire.ts'
import { checkStrictSchema, type CheckStrictSchemaOptions } from './checkStrictSchema.ts'
import { deriveStrictSchema } from './deriveStrictSchema.ts'
import { RequestError } from './RequestError.ts'
import type { SchemaSource } from './schema.ts'

/**
 * The JSON Schema of what the model is to write, as OpenAI's strict mode takes it. What changes nothing for the model is
 * rewritten: objects are closed, nullable optional properties become required, a root reference and a single `allOf` are
 * written out, several object `allOf` become one object, `oneOf` becomes `anyOf` (the schema itself still checks the
 * answer), a reference with a description is wrapped, `default` and `$schema` go.
 * Throws a `RequestError` with the path of everything that strict mode would still refuse: nothing is loosened unasked.
 */
export function toStrictJsonSchema(schema: SchemaSource, options: CheckStrictSchemaOptions = {}): JsonSchema {
  const strict = deriveStrictSchema(schema)
  const issues = checkStrictSchema(strict, options)
  if (issues.some((issue) => issue.level === 'error')) {
    throw new RequestError(issues, { summary: 'Strict mode would refuse the schema' })
  }
  return strict
}
