import { isEqual, isObject, resolveLocalRef } from './checkJson.ts'
import { showValue } from './describeSchema.ts'
import type { RequestIssue } from './RequestIssue.ts'

/** How large a strict schema may be. OpenAI raised its own over time; Azure's are still the older ones. */
export interface StrictSchemaLimits {
  /** Properties of all objects together. @default 5000 */
  readonly maxProperties?: number
  /** Objects within objects, the root counted. @default 10 */
  readonly maxDepth?: number
  /** Values of all enums together. @default 1000 */
  readonly maxEnumValues?: number
  /** Characters of all names, enum values and constants together. @default 120000 */
  readonly maxCharacters?: number
}

/** Where a strict schema stands and how it is judged. */
export interface CheckStrictSchemaOptions {
  /** Where the schema stands in the request; issues' paths begin with it. @default '' */
  path?: string
  /** The level of what OpenAI refuses: other servers differ. @default 'error' */
  level?: RequestIssue['level']
  /** @default OpenAI's */
  limits?: StrictSchemaLimits
}

/** What OpenAI's strict mode refuses wherever it stands. */
const REFUSED_KEYWORDS = (
  '$anchor $dynamicAnchor $dynamicRef $recursiveAnchor $recursiveRef additionalItems allOf contains contentEncoding ' +
  'contentMediaType contentSchema default dependentRequired dependentSchemas dependencies else if maxContains ' +
  'maxProperties minContains minProperties not oneOf patternProperties prefixItems propertyNames then ' +
  'unevaluatedItems unevaluatedProperties uniqueItems'
).split(' ')

/** What to write instead of a refused keyword, where there is something. */
const INSTEAD: { readonly [keyword: string]: string } = {
  allOf: 'Write its properties into one object.',
  default: 'Say the default in the description.',
  maxProperties: 'Leave it out and check the value after.',
  oneOf: 'Use anyOf.',
  patternProperties: 'Use a list of objects with a name and a value.',
  prefixItems: 'Use an object with a named property for each place.',
  propertyNames: 'Use a list of objects with a name and a value.',
  $anchor: 'Refer to #/$defs/….',
}

const FORMATS: readonly unknown[] = [
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
]

/** Everything in a schema that OpenAI's strict mode (`strict: true`) refuses; empty when it takes it. */
export function checkStrictSchema(schema: unknown, options: CheckStrictSchemaOptions = {}): RequestIssue[] {
  const check = new StrictCheck(schema, options)
  check.visitRoot()
  return check.issues
}

class StrictCheck {
  readonly issues: RequestIssue[] = []
  readonly #root: unknown
  readonly #base: string
  readonly #level: RequestIssue['level']
  readonly #limits: Required<StrictSchemaLimits>
  #properties = 0
  #enumValues = 0
  #characters = 0
  #tooDeep = false
  /** The schemas that the visited one stands in. */
  readonly #around: unknown[] = []

  constructor(root: unknown, options: CheckStrictSchemaOptions) {
    this.#root = root
    this.#base = options.path ?? ''
    this.#level = options.level ?? 'error'
    this.#limits = {
      maxProperties: 5000,
      maxDepth: 10,
      maxEnumValues: 1000,
      maxCharacters: 120_000,
      ...options.limits,
    }
  }

  #report(path: string, code: string, problem: string, hint: string, level = this.#level): void {
    this.issues.push({ path, code, level, problem, hint })
  }

  visitRoot(): void {
    const root = this.#root
    if (!isObject(root)) {
      this.#report(this.#base, 'strict-root', `${showValue(root)} is no schema.`, 'Give an object schema.')
      return
    }
    if (root.anyOf !== undefined) {
      const hint = 'Put it into a property of an object.'
      this.#report(join(this.#base, 'anyOf'), 'strict-root', 'The root may not be a choice of forms.', hint)
    } else if (root.$ref !== undefined && !isEndless(root.$ref, root)) {
      const hint = 'Write the referred schema at the root; toStrictJsonSchema does.'
      this.#report(join(this.#base, '$ref'), 'strict-root', 'The root may not be a reference.', hint)
    } else if (!isSingleType(root.type, 'object')) {
      const problem =
        root.type === undefined ? 'The root has no type.' : `The root is ${showValue(root.type)}.`
      this.#report(join(this.#base, 'type'), 'strict-root', problem, "It must be `type: 'object'`.")
    }
    this.#visit(root, this.#base, 1)
    for (const keyword of ['$defs', 'definitions']) {
      const definitions = root[keyword]
      if (definitions === undefined) continue
      if (!isObject(definitions)) {
        this.#report(
          join(this.#base, keyword),
          'strict-definitions',
          'It is no object.',
          'Give named schemas.',
        )
        continue
      }
      for (const [name, definition] of Object.entries(definitions)) {
        this.#characters += name.length
        this.#visit(definition, join(this.#base, keyword, name), 1)
      }
    }
    this.#checkSizes()
  }

  #checkSizes(): void {
    const { maxProperties, maxDepth, maxEnumValues, maxCharacters } = this.#limits
    const base = this.#base
    if (this.#properties > maxProperties) {
      const problem = `It has ${this.#properties} properties.`
      this.#report(base, 'strict-too-large', problem, `At most ${maxProperties} are taken.`)
    }
    if (this.#tooDeep) {
      const problem = `Objects are nested more than ${maxDepth} deep.`
      this.#report(base, 'strict-too-deep', problem, 'Make it flatter, or refer to a definition under $defs.')
    }
    if (this.#enumValues > maxEnumValues) {
      const problem = `It has ${this.#enumValues} enum values.`
      this.#report(base, 'strict-too-large', problem, `At most ${maxEnumValues} are taken.`)
    }
    if (this.#characters > maxCharacters) {
      const problem = `Names, enum values and constants have ${this.#characters} characters together.`
      this.#report(base, 'strict-too-large', problem, `At most ${maxCharacters} are taken.`)
    }
  }

  #visit(schema: unknown, path: string, depth: number): void {
    if (!isObject(schema)) {
      const problem = `${showValue(schema)} is no schema here.`
      this.#report(path, 'strict-schema', problem, 'Say what the value is, as an object schema.')
      return
    }
    if (this.#around.includes(schema)) {
      const hint = 'Put it under `$defs` and refer to it: { $ref: "#/$defs/…" }.'
      this.#report(path, 'strict-schema', 'The schema object contains itself, which JSON cannot say.', hint)
      return
    }
    // No limit of any server is near this; further down the stack would end.
    if (this.#around.length > 500) {
      this.#tooDeep = true
      return
    }
    this.#around.push(schema)
    this.#visitKeywords(schema, path, depth)
    this.#around.pop()
  }

  #visitKeywords(schema: { readonly [keyword: string]: unknown }, path: string, depth: number): void {
    for (const keyword of REFUSED_KEYWORDS) {
      if (schema[keyword] === undefined) continue
      const hint = INSTEAD[keyword] ?? 'Leave it out and check the value after.'
      this.#report(join(path, keyword), 'strict-keyword', `Strict mode refuses \`${keyword}\`.`, hint)
    }
    if (schema.$id !== undefined && path !== this.#base) {
      this.#report(
        join(path, '$id'),
        'strict-keyword',
        'Strict mode refuses a nested `$id`.',
        'Leave it out.',
      )
    }
    if (schema.$ref !== undefined) this.#visitRef(schema, path)
    if (schema.anyOf !== undefined) this.#visitAnyOf(schema.anyOf, path, depth)
    this.#visitValues(schema, path)
    if (includesType(schema.type, 'object') || schema.properties !== undefined) {
      this.#visitObject(schema, path, depth)
    }
    if (includesType(schema.type, 'array') || schema.items !== undefined) {
      if (isObject(schema.items)) this.#visit(schema.items, join(path, 'items'), depth)
      else {
        const problem = schema.items === undefined ? 'The list has no `items`.' : '`items` is not one schema.'
        this.#report(join(path, 'items'), 'strict-items', problem, 'Give one schema that every item has.')
      }
    }
  }

  #visitObject(schema: { readonly [keyword: string]: unknown }, path: string, depth: number): void {
    if (depth > this.#limits.maxDepth) this.#tooDeep = true
    if (schema.additionalProperties !== false) {
      this.#report(
        join(path, 'additionalProperties'),
        'strict-additional-properties',
        schema.additionalProperties === undefined
          ? 'The object does not forbid further properties.'
          : `${showValue(schema.additionalProperties)} allows further properties.`,
        'It must be `additionalProperties: false`; for a map use a list of objects with a name and a value.',
      )
    }
    const properties = isObject(schema.properties) ? schema.properties : {}
    const names = Object.keys(properties)
    const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : []
    const optional = new Set(names)
    required.forEach((name, index) => {
      optional.delete(String(name))
      if (typeof name === 'string' && Object.hasOwn(properties, name)) return
      const problem = `${showValue(name)} is required but is no property.`
      const hint = 'Name only what `properties` has.'
      this.#report(`${join(path, 'required')}[${index}]`, 'strict-required', problem, hint)
    })
    for (const name of optional) {
      this.#report(
        join(path, 'properties', name),
        'strict-required',
        'It is optional, which strict mode refuses.',
        'List it in `required`, and let it be null where it may be absent (in zod: nullable() for optional()).',
      )
    }
    this.#properties += names.length
    for (const name of names) {
      this.#characters += name.length
      this.#visit(properties[name], join(path, 'properties', name), depth + 1)
    }
  }

  #visitValues(schema: { readonly [keyword: string]: unknown }, path: string): void {
    if (typeof schema.const === 'string') this.#characters += schema.const.length
    if (schema.format !== undefined && !FORMATS.includes(schema.format)) {
      const problem = `Strict mode is not known to take the format ${showValue(schema.format)}.`
      this.#report(
        join(path, 'format'),
        'strict-format',
        problem,
        `Known are ${FORMATS.join(', ')}.`,
        'warning',
      )
    }
    if (!Array.isArray(schema.enum)) return
    const texts = schema.enum.filter((value) => typeof value === 'string')
    const characters = texts.reduce((sum, text) => sum + text.length, 0)
    this.#enumValues += schema.enum.length
    this.#characters += characters
    if (texts.length > 250 && characters > 15_000) {
      const problem = `An enum of ${texts.length} values has ${characters} characters.`
      const hint = 'Above 250 values, at most 15000 characters are taken.'
      this.#report(join(path, 'enum'), 'strict-too-large', problem, hint, 'warning')
    }
  }

  #visitRef(schema: { readonly [keyword: string]: unknown }, path: string): void {
    const { $ref } = schema
    const target = typeof $ref === 'string' ? resolveLocalRef(this.#root, $ref) : undefined
    if (target === undefined) {
      const problem = `${showValue($ref)} leads to nothing within the schema.`
      this.#report(join(path, '$ref'), 'strict-ref', problem, 'Refer to #/$defs/… that exists.')
    } else if (!isObject(target)) {
      const problem = `${showValue($ref)} leads to ${showValue(target)}.`
      this.#report(join(path, '$ref'), 'strict-ref', problem, 'Refer to an object schema.')
    } else if (isEndless($ref, this.#root)) {
      const problem = `${showValue($ref)} leads only back to itself.`
      this.#report(
        join(path, '$ref'),
        'strict-ref',
        problem,
        'Refer to a schema that says what the value is.',
      )
    }
    const siblings = Object.keys(schema).filter(
      (keyword) => keyword !== '$ref' && keyword !== '$defs' && schema[keyword] !== undefined,
    )
    if (siblings.length > 0 && path !== this.#base) {
      const problem = `\`$ref\` stands beside ${siblings.map((keyword) => `\`${keyword}\``).join(', ')}.`
      this.#report(join(path, '$ref'), 'strict-ref', problem, 'It must stand alone: wrap it in `anyOf`.')
    }
  }

  #visitAnyOf(anyOf: unknown, path: string, depth: number): void {
    if (!Array.isArray(anyOf) || anyOf.length === 0) {
      this.#report(join(path, 'anyOf'), 'strict-any-of', 'It has no branches.', 'Give a list of schemas.')
      return
    }
    const firsts: { name: string; schema: unknown; branch: number }[] = []
    anyOf.forEach((branch: unknown, index) => {
      const branchPath = `${join(path, 'anyOf')}[${index}]`
      this.#visit(branch, branchPath, depth)
      if (!isObject(branch) || !isObject(branch.properties)) return
      const [first] = Object.entries(branch.properties)
      if (!first) return
      const [name, schema] = first
      const twin = firsts.find((other) => other.name === name && !areDistinct(other.schema, schema))
      if (twin) {
        this.#report(
          `${branchPath}.properties.${name}`,
          'strict-any-of',
          `Branches ${twin.branch} and ${index} begin with the same property, so the model cannot choose by it.`,
          'Put first a property whose constant tells them apart.',
        )
      }
      firsts.push({ name, schema, branch: index })
    })
  }
}

/** Whether a reference leads to a reference, and so on, back to itself: no value could ever be checked by it. */
function isEndless($ref: unknown, root: unknown): boolean {
  const followed = new Set<unknown>()
  for (let ref = $ref; typeof ref === 'string';) {
    if (followed.has(ref)) return true
    followed.add(ref)
    const target = resolveLocalRef(root, ref)
    ref = isObject(target) ? target.$ref : undefined
  }
  return false
}

function areDistinct(left: unknown, right: unknown): boolean {
  if (isEqual(left, right)) return false
  const [leftValues, rightValues] = [valuesOf(left), valuesOf(right)]
  if (!leftValues || !rightValues) return true
  return !leftValues.some((value) => rightValues.some((other) => isEqual(value, other)))
}

function valuesOf(schema: unknown): readonly unknown[] | undefined {
  if (!isObject(schema)) return undefined
  if (Array.isArray(schema.enum)) return schema.enum
  return 'const' in schema ? [schema.const] : undefined
}

function includesType(type: unknown, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name))
}

function isSingleType(type: unknown, name: string): boolean {
  return type === name || (Array.isArray(type) && type.length === 1 && type[0] === name)
}

function join(path: string, ...segments: readonly string[]): string {
  return segments.reduce(joinPath, path)
}

/** A path with one more property name, as one would write it in code. */
export function joinPath(path: string, segment: string | number): string {
  if (typeof segment === 'number') return `${path}[${segment}]`
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(segment)) return `${path}[${JSON.stringify(segment)}]`
  return path === '' ? segment : `${path}.${segment}`
}
