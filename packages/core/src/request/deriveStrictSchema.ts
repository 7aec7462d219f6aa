import type { JsonSchema } from '../wire.ts'
import { isEqual, isObject, resolveLocalRef } from './checkJson.ts'
import type { SchemaSource } from './schema.ts'
import { toJsonSchema } from './toJsonSchema.ts'

/**
 * The JSON Schema of what the model is to write, as far as it can be brought into the form of OpenAI's strict mode
 * without changing what the model may write; what strict mode would still refuse stays as it is, for the request's
 * check to report at its place. `toStrictJsonSchema` throws instead.
 */
export function deriveStrictSchema(schema: SchemaSource): JsonSchema {
  const source = toJsonSchema(schema)
  const derived = derive(inlineRoot(source), source, [])
  return isObject(derived) ? derived : source
}

const DROPPED = new Set(['$schema', 'default'])
const ANNOTATIONS = new Set(['$comment', 'description', 'examples', 'readOnly', 'title', 'writeOnly'])
const MERGEABLE = new Set([...ANNOTATIONS, 'type', 'properties', 'required', 'additionalProperties'])

/** The root written out where it is only a reference; the definitions stay beside it. */
function inlineRoot(root: JsonSchema): JsonSchema {
  let schema = root
  const followed = new Set<string>()
  while (typeof schema.$ref === 'string' && !followed.has(schema.$ref)) {
    followed.add(schema.$ref)
    const target = resolveLocalRef(root, schema.$ref)
    if (!isObject(target)) return schema
    const { $ref: _followed, ...siblings } = schema
    schema = { ...target, ...siblings }
  }
  return schema
}

function derive(schema: unknown, root: JsonSchema, around: readonly object[]): unknown {
  // An object that contains itself stays for the check to report.
  if (!isObject(schema) || around.includes(schema)) return schema
  const within = [...around, schema]
  const merged = mergeAllOf(schema, root)
  const strict: { [keyword: string]: unknown } = {}
  for (const [keyword, value] of Object.entries(merged)) {
    if (value === undefined || DROPPED.has(keyword)) continue
    switch (keyword) {
      case 'properties':
      case '$defs':
      case 'definitions':
        strict[keyword] = isObject(value) ? mapValues(value, (member) => derive(member, root, within)) : value
        break
      case 'oneOf':
        if (merged.anyOf !== undefined) strict.oneOf = value
        else strict.anyOf = Array.isArray(value) ? value.map((branch) => derive(branch, root, within)) : value
        break
      case 'anyOf':
        strict.anyOf = Array.isArray(value) ? value.map((branch) => derive(branch, root, within)) : value
        break
      case 'items':
        strict.items = derive(value, root, within)
        break
      default:
        strict[keyword] = value
    }
  }
  return wrapRef(closeObject(strict, root))
}

/** Nothing beyond the named properties, and each of them there: absent ones as null where the schema allows null. */
function closeObject(
  schema: { [keyword: string]: unknown },
  root: JsonSchema,
): { [keyword: string]: unknown } {
  const { properties, required, type } = schema
  const isAnObject = type === 'object' || (Array.isArray(type) && type.includes('object'))
  if (!isAnObject && properties === undefined) return schema
  const closed: { [keyword: string]: unknown } = { ...schema, properties: properties ?? {} }
  const given: readonly unknown[] = Array.isArray(required) ? required : []
  const nullable = isObject(properties)
    ? Object.keys(properties).filter(
        (name) => !given.includes(name) && admitsNull(properties[name], root, new Set()),
      )
    : []
  closed.required = [...given, ...nullable]
  closed.additionalProperties = schema.additionalProperties ?? false
  return closed
}

function wrapRef(schema: { [keyword: string]: unknown }): { [keyword: string]: unknown } {
  const { $ref, ...siblings } = schema
  if ($ref === undefined || Object.keys(siblings).length === 0) return schema
  // Constraints beside a reference change what is accepted; only words about it can stand outside.
  if (!Object.keys(siblings).every((keyword) => ANNOTATIONS.has(keyword))) return schema
  return { ...siblings, anyOf: [{ $ref }] }
}

/** A single `allOf` is written out; several plain objects become one, where they do not contradict one another. */
function mergeAllOf(
  schema: { [keyword: string]: unknown },
  root: JsonSchema,
): { [keyword: string]: unknown } {
  const { allOf, ...outer } = schema
  if (!Array.isArray(allOf)) return schema
  const parts = allOf.map((part: unknown) => mergePart(part, root))
  const outerKeywords = Object.keys(outer).filter((keyword) => outer[keyword] !== undefined)
  const [only] = parts
  if (
    parts.length === 1 &&
    isObject(only) &&
    outerKeywords.every((keyword) => !MERGEABLE.has(keyword) || ANNOTATIONS.has(keyword))
  ) {
    return { ...only, ...outer }
  }
  const merged: { [keyword: string]: unknown } = { ...outer, type: 'object' }
  const properties: { [name: string]: unknown } = isObject(outer.properties) ? { ...outer.properties } : {}
  const required = new Set<unknown>(Array.isArray(outer.required) ? outer.required : [])
  for (const part of parts) {
    if (!isObject(part) || (part.type !== undefined && part.type !== 'object')) return schema
    if (Object.keys(part).some((keyword) => !MERGEABLE.has(keyword))) return schema
    for (const [name, property] of Object.entries(isObject(part.properties) ? part.properties : {})) {
      if (Object.hasOwn(properties, name) && !isEqual(properties[name], property)) return schema
      properties[name] = property
    }
    for (const name of Array.isArray(part.required) ? part.required : []) required.add(name)
    // A closed part would forbid the other parts' properties; together they are closed all the same.
    if (isObject(part.additionalProperties) || part.additionalProperties === true) return schema
  }
  return { ...merged, properties, required: [...required] }
}

function mergePart(part: unknown, root: JsonSchema): unknown {
  if (!isObject(part)) return part
  if (typeof part.$ref === 'string' && Object.keys(part).length === 1) {
    const target = resolveLocalRef(root, part.$ref)
    // A definition that contains this reference would be written out without end.
    return isObject(target) && !JSON.stringify(target).includes(JSON.stringify(part.$ref)) ? target : part
  }
  return mergeAllOf(part, root)
}

function admitsNull(schema: unknown, root: JsonSchema, followed: Set<string>): boolean {
  if (!isObject(schema)) return false
  if (schema.const === null) return true
  if (Array.isArray(schema.enum)) return schema.enum.includes(null)
  if (schema.type === 'null' || (Array.isArray(schema.type) && schema.type.includes('null'))) return true
  if (typeof schema.$ref === 'string' && !followed.has(schema.$ref)) {
    return admitsNull(resolveLocalRef(root, schema.$ref), root, followed.add(schema.$ref))
  }
  const branches = schema.anyOf ?? schema.oneOf
  return Array.isArray(branches) && branches.some((branch) => admitsNull(branch, root, followed))
}

function mapValues(
  object: { readonly [key: string]: unknown },
  map: (value: unknown) => unknown,
): { [key: string]: unknown } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]))
}
