import type { JsonSchema } from '../wire.ts'
import { describeSchema, showValue } from './describeSchema.ts'

/** One place where a value is not what a JSON Schema says. */
export interface JsonViolation {
  /** Property names and array positions from the root to the place. */
  readonly path: readonly (string | number)[]
  /** The keyword that is violated, such as `maximum`. */
  readonly keyword: string
  /** What is wrong, in one sentence. */
  readonly problem: string
  /** What would be right, in one sentence. */
  readonly hint: string
  /** It only goes against `advice` or `known`, keywords of our own that `CheckJsonOptions.advice` turns on. */
  readonly isAdvice?: boolean
}

/** How a value is checked. */
export interface CheckJsonOptions {
  /**
   * Also reports what goes against the keywords `advice` (a narrower schema) and `known` (usual values), and leaves what
   * no schema speaks of to the caller.
   *
   * @default false
   */
  advice?: boolean
}

/**
 * Keywords that `checkJson` does not check. A schema that relies on them needs a validator of its own (see
 * `withJsonSchema`).
 */
const UNCHECKED = ['unevaluatedProperties', 'unevaluatedItems', '$dynamicRef', '$recursiveRef']

/**
 * Every place where a value is not what a JSON Schema (draft 7 or 2020-12) says; empty when it fits. A property that is
 * `undefined` counts as absent, as it does in JSON. `format` is an annotation and not checked.
 * Throws on a `$ref` that does not lead into the schema itself.
 */
export function checkJson(
  schema: JsonSchema | boolean,
  value: unknown,
  options: CheckJsonOptions = {},
): JsonViolation[] {
  const check = new JsonCheck(schema, options)
  check.visit(schema, value, 0)
  return check.violations
}

/** The keywords within a schema that `checkJson` would not check. */
export function uncheckedKeywords(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(uncheckedKeywords)
  if (!isObject(schema)) return []
  return Object.keys(schema).flatMap((keyword) =>
    keyword === 'enum' || keyword === 'const'
      ? []
      : [...(UNCHECKED.includes(keyword) ? [keyword] : []), ...uncheckedKeywords(schema[keyword])],
  )
}

/** A `$ref` that leads to itself would never end; real nesting this deep does not occur. */
const MAX_DEPTH = 500

class JsonCheck {
  readonly violations: JsonViolation[] = []
  readonly #root: JsonSchema | boolean
  readonly #options: CheckJsonOptions
  readonly #path: (string | number)[] = []

  constructor(root: JsonSchema | boolean, options: CheckJsonOptions) {
    this.#root = root
    this.#options = options
  }

  #report(keyword: string, problem: string, hint: string): void {
    this.violations.push({ path: [...this.#path], keyword, problem, hint })
  }

  /** The violations of one branch, apart from the others. */
  #attempt(schema: unknown, value: unknown, depth: number): JsonViolation[] {
    const branch = new JsonCheck(this.#root, this.#options)
    branch.#path.push(...this.#path)
    branch.visit(schema, value, depth)
    return branch.violations
  }

  #visitAt(segment: string | number, schema: unknown, value: unknown, depth: number): void {
    this.#path.push(segment)
    this.visit(schema, value, depth + 1)
    this.#path.pop()
  }

  visit(schema: unknown, value: unknown, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.#report('$ref', 'It is nested too deeply to be checked.', 'Give a flatter value.')
      return
    }
    const before = this.violations.length
    if (schema === false) this.#report('false', 'Nothing may stand here.', 'Leave it out.')
    if (!isObject(schema)) return

    if (typeof schema.$ref === 'string') this.visit(this.#resolve(schema.$ref), value, depth + 1)

    if (!this.#hasRightType(schema, value)) {
      this.#report('type', `${showValue(value)} is not of the right type.`, `Give ${describeSchema(schema)}.`)
      return
    }
    if ('const' in schema && !isEqual(schema.const, value)) {
      this.#report(
        'const',
        `${showValue(value)} is not allowed here.`,
        `It must be ${showValue(schema.const)}.`,
      )
    }
    if (Array.isArray(schema.enum) && !schema.enum.some((allowed) => isEqual(allowed, value))) {
      this.#report('enum', `${showValue(value)} is not one of the values.`, `Give ${describeSchema(schema)}.`)
    }
    if (typeof value === 'number') this.#checkNumber(schema, value)
    else if (typeof value === 'string') this.#checkString(schema, value)
    else if (Array.isArray(value)) this.#checkArray(schema, value, depth)
    else if (isObject(value)) this.#checkObject(schema, value, depth)
    this.#checkCombined(schema, value, depth)
    if (this.#options.advice) this.#checkAdvice(schema, value, depth, before)
  }

  #checkAdvice(schema: JsonSchema, value: unknown, depth: number, before: number): void {
    if (isObject(schema.advice)) {
      // What the schema itself refuses is not advice.
      const refused = this.violations.length > before
      for (const violation of refused ? [] : this.#attempt(schema.advice, value, depth + 1)) {
        this.violations.push({ ...violation, isAdvice: true })
      }
    }
    if (Array.isArray(schema.known) && !schema.known.includes(value)) {
      this.violations.push({
        path: [...this.#path],
        keyword: 'known',
        problem: `${showValue(value)} is not a value that is known.`,
        hint: `Known are ${schema.known.map(showValue).join(', ')}.`,
        isAdvice: true,
      })
    }
  }

  #hasRightType(schema: JsonSchema, value: unknown): boolean {
    if (schema.type === undefined) return typeOf(value) !== undefined
    const types = Array.isArray(schema.type) ? schema.type : [schema.type]
    return types.some((type) => type === typeOf(value) || (type === 'integer' && Number.isInteger(value)))
  }

  #checkNumber(schema: JsonSchema, value: number): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
    const tooLow =
      (typeof minimum === 'number' && value < minimum) ||
      (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    const tooHigh =
      (typeof maximum === 'number' && value > maximum) ||
      (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    if (tooLow) this.#report('minimum', `${value} is too low.`, `Give ${describeSchema(schema)}.`)
    if (tooHigh) this.#report('maximum', `${value} is too high.`, `Give ${describeSchema(schema)}.`)
    if (typeof multipleOf === 'number' && !isMultiple(value, multipleOf)) {
      this.#report('multipleOf', `${value} is not a multiple of ${multipleOf}.`, `Round it.`)
    }
  }

  #checkString(schema: JsonSchema, value: string): void {
    const { minLength, maxLength, pattern } = schema
    if (typeof minLength === 'number' && value.length < 2 * minLength && countCharacters(value) < minLength) {
      this.#report(
        'minLength',
        `It has ${countCharacters(value)} characters.`,
        `Give ${describeSchema(schema)}.`,
      )
    }
    if (typeof maxLength === 'number' && value.length > maxLength && countCharacters(value) > maxLength) {
      this.#report(
        'maxLength',
        `It has ${countCharacters(value)} characters.`,
        `Give ${describeSchema(schema)}.`,
      )
    }
    if (typeof pattern === 'string' && !patternOf(pattern).test(value)) {
      this.#report('pattern', `${showValue(value)} has the wrong form.`, `Give ${describeSchema(schema)}.`)
    }
  }

  #checkArray(schema: JsonSchema, value: readonly unknown[], depth: number): void {
    const { minItems, maxItems, uniqueItems, contains } = schema
    if (typeof minItems === 'number' && value.length < minItems) {
      this.#report('minItems', `It has ${count(value.length, 'item')}.`, `Give ${describeSchema(schema)}.`)
    }
    if (typeof maxItems === 'number' && value.length > maxItems) {
      this.#report('maxItems', `It has ${count(value.length, 'item')}.`, `Give ${describeSchema(schema)}.`)
    }
    // Draft 7 writes a tuple as an array in `items`, and the rest as `additionalItems`.
    const tuple = Array.isArray(schema.prefixItems)
      ? schema.prefixItems
      : Array.isArray(schema.items)
        ? schema.items
        : []
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items
    value.forEach((item, index) => {
      const itemSchema: unknown = index < tuple.length ? tuple[index] : rest
      this.#visitAt(index, itemSchema, item, depth)
      if (itemSchema === undefined && typeOf(item) === undefined) this.#visitAt(index, {}, item, depth)
    })
    if (uniqueItems === true) {
      value.forEach((item, index) => {
        const earlier = value.findIndex((other) => isEqual(other, item))
        if (earlier >= index) return
        this.#path.push(index)
        this.#report('uniqueItems', `It repeats item ${earlier}.`, 'Each item may stand once.')
        this.#path.pop()
      })
    }
    if (contains !== undefined) {
      const minContains = typeof schema.minContains === 'number' ? schema.minContains : 1
      const maxContains = typeof schema.maxContains === 'number' ? schema.maxContains : Infinity
      const fitting = value.filter((item) => this.#attempt(contains, item, depth + 1).length === 0).length
      if (fitting < minContains || fitting > maxContains) {
        this.#report(
          'contains',
          `${count(fitting, 'item')} of it fit.`,
          `It must contain ${describeSchema(contains)}.`,
        )
      }
    }
  }

  #checkObject(schema: JsonSchema, value: { readonly [key: string]: unknown }, depth: number): void {
    const properties = isObject(schema.properties) ? schema.properties : {}
    const patterns = isObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : []
    const { required, minProperties, maxProperties, propertyNames, additionalProperties } = schema

    if (Array.isArray(required)) {
      for (const name of required) {
        if (typeof name !== 'string' || has(value, name)) continue
        this.#path.push(name)
        this.#report('required', 'It is missing.', `Give ${describeSchema(properties[name])}.`)
        this.#path.pop()
      }
    }
    const names = Object.keys(value).filter((name) => value[name] !== undefined)
    if (typeof minProperties === 'number' && names.length < minProperties) {
      this.#report(
        'minProperties',
        `It has ${count(names.length, 'key')}.`,
        `Give at least ${minProperties}.`,
      )
    }
    if (typeof maxProperties === 'number' && names.length > maxProperties) {
      this.#report('maxProperties', `It has ${count(names.length, 'key')}.`, `Give at most ${maxProperties}.`)
    }
    for (const name of names) {
      if (propertyNames !== undefined) {
        for (const violation of this.#attempt(propertyNames, name, depth + 1)) {
          this.#path.push(name)
          this.#report('propertyNames', `The key is not allowed: ${violation.problem}`, violation.hint)
          this.#path.pop()
        }
      }
      const matching = patterns.filter(([pattern]) => patternOf(pattern).test(name))
      for (const [, patternSchema] of matching) this.#visitAt(name, patternSchema, value[name], depth)
      if (has(properties, name)) {
        this.#visitAt(name, properties[name], value[name], depth)
      } else if (matching.length === 0) {
        if (additionalProperties === false) {
          const known = Object.keys(properties).map((property) => `\`${property}\``)
          this.#path.push(name)
          this.#report(
            'additionalProperties',
            'This key is not known here.',
            known.length === 0 ? 'Leave it out.' : `Known are ${known.join(', ')}.`,
          )
          this.#path.pop()
        } else if (additionalProperties !== undefined || !this.#options.advice) {
          this.#visitAt(name, additionalProperties ?? {}, value[name], depth)
        }
      }
    }
    const dependent = isObject(schema.dependentRequired) ? schema.dependentRequired : schema.dependencies
    for (const [name, needed] of isObject(dependent) ? Object.entries(dependent) : []) {
      if (!has(value, name)) continue
      if (!Array.isArray(needed)) this.visit(needed, value, depth + 1)
      else if (needed.some((other) => !has(value, String(other)))) {
        this.#report(
          'dependentRequired',
          `\`${name}\` stands alone.`,
          `It needs ${needed.join(', ')} beside it.`,
        )
      }
    }
    if (isObject(schema.dependentSchemas)) {
      for (const [name, dependentSchema] of Object.entries(schema.dependentSchemas)) {
        if (has(value, name)) this.visit(dependentSchema, value, depth + 1)
      }
    }
  }

  #checkCombined(schema: JsonSchema, value: unknown, depth: number): void {
    if (Array.isArray(schema.allOf)) for (const part of schema.allOf) this.visit(part, value, depth + 1)
    if (Array.isArray(schema.anyOf)) this.#checkBranches(schema, schema.anyOf, value, depth, 'anyOf')
    if (Array.isArray(schema.oneOf)) this.#checkBranches(schema, schema.oneOf, value, depth, 'oneOf')
    if (schema.not !== undefined && this.#attempt(schema.not, value, depth + 1).length === 0) {
      this.#report('not', `${showValue(value)} is excluded.`, `It must not be ${describeSchema(schema.not)}.`)
    }
    if (schema.if !== undefined) {
      const branch = this.#attempt(schema.if, value, depth + 1).length === 0 ? schema.then : schema.else
      if (branch !== undefined) this.visit(branch, value, depth + 1)
    }
  }

  #checkBranches(
    schema: JsonSchema,
    branches: readonly unknown[],
    value: unknown,
    depth: number,
    keyword: string,
  ): void {
    const kinds = isObject(value) ? kindsOf(branches) : null
    if (kinds && isObject(value)) {
      // The kind that was meant says best what is wrong, and the others need not be tried.
      const kind = value[kinds.name]
      const meant = kinds.branches.get(kind)
      if (meant !== undefined) return this.visit(meant, value, depth + 1)
      const hint = `Give one of ${[...kinds.branches.keys()].map(showValue).join(', ')}.`
      this.#path.push(kinds.name)
      if (kind === undefined) this.#report('required', 'It is missing.', hint)
      else this.#report('enum', `${showValue(kind)} is not one of the values.`, hint)
      this.#path.pop()
      return
    }
    const attempts = branches.map((branch) => this.#attempt(branch, value, depth + 1))
    const fitting = attempts.filter((violations) => violations.every(({ isAdvice }) => isAdvice === true))
    if (keyword === 'oneOf' && fitting.length > 1) {
      this.#report('oneOf', `It fits ${fitting.length} of the forms.`, 'It must fit exactly one.')
    }
    if (fitting[0]) {
      this.violations.push(...fitting[0])
      return
    }
    const here = this.#path.length
    const ofType = attempts.filter(
      (violations) =>
        !violations.some((violation) => violation.keyword === 'type' && violation.path.length === here),
    )
    if (ofType.length === 1) this.violations.push(...(ofType[0] ?? []))
    else
      this.#report(keyword, `${showValue(value)} fits none of the forms.`, `Give ${describeSchema(schema)}.`)
  }

  #resolve(ref: string): unknown {
    const target = resolveLocalRef(this.#root, ref)
    if (target === undefined) {
      throw new Error(
        `The JSON Schema refers to \`${ref}\`, which is not within it. Values cannot be checked without it. ` +
          'Put the definition under `$defs` and refer to `#/$defs/…`.',
      )
    }
    return target
  }
}

/** Branches whose objects are told apart by the constant of one property, such as `type`. */
interface Kinds {
  readonly name: string
  readonly branches: ReadonlyMap<unknown, unknown>
}

const kindsByBranches = new WeakMap<readonly unknown[], Kinds | null>()

/** `null` where an object could fit two of the branches, so that each must be tried. */
function kindsOf(branches: readonly unknown[]): Kinds | null {
  const known = kindsByBranches.get(branches)
  if (known !== undefined) return known
  const objects = branches.filter(
    (branch) => !isObject(branch) || branch.type === undefined || branch.type === 'object',
  )
  const names =
    isObject(objects[0]) && isObject(objects[0].properties) ? Object.keys(objects[0].properties) : []
  let kinds: Kinds | null = null
  for (const name of names) {
    const byConstant = new Map(objects.map((branch) => [constantOf(branch, name), branch]))
    if (byConstant.size < objects.length || byConstant.has(undefined)) continue
    kinds = { name, branches: byConstant }
    break
  }
  kindsByBranches.set(branches, kinds)
  return kinds
}

/** The one value (text, number, boolean or null) that a branch demands of a property. */
function constantOf(branch: unknown, name: string): unknown {
  if (!isObject(branch) || !isObject(branch.properties)) return undefined
  const property = branch.properties[name]
  const constant = isObject(property) ? property.const : undefined
  return typeof constant === 'object' && constant !== null ? undefined : constant
}

/** What a `$ref` such as `#/$defs/node` leads to within a schema; `undefined` when it leads nowhere or outside. */
export function resolveLocalRef(root: unknown, ref: string): unknown {
  if (ref === '#') return root
  if (!ref.startsWith('#/')) return undefined
  let target = root
  for (const segment of ref.slice(2).split('/')) {
    const name = decode(segment).replaceAll('~1', '/').replaceAll('~0', '~')
    if (!isObject(target) && !Array.isArray(target)) return undefined
    if (!Object.hasOwn(target, name)) return undefined
    target = Reflect.get(target, name)
  }
  return target
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeOf(value: unknown): string | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : undefined
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value
  return typeof value === 'object' ? 'object' : undefined
}

function has(value: { readonly [key: string]: unknown }, name: string): boolean {
  return Object.hasOwn(value, name) && value[name] !== undefined
}

/** JSON equality: the order of keys does not matter. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]))
  }
  if (!isObject(left) || !isObject(right)) return false
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isEqual(left[name], right[name]))
  )
}

function isMultiple(value: number, of: number): boolean {
  const quotient = value / of
  // 0.3 / 0.1 is 2.9999999999999996: what a decimal reader calls a multiple is one.
  return Math.abs(quotient - Math.round(quotient)) <= Number.EPSILON * Math.max(1, Math.abs(quotient)) * 4
}

function countCharacters(text: string): number {
  let characters = 0
  for (const _ of text) characters += 1
  return characters
}

function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`
}

const patterns = new Map<string, RegExp>()

function patternOf(source: string): RegExp {
  let pattern = patterns.get(source)
  if (!pattern) {
    try {
      pattern = new RegExp(source, 'u')
    } catch {
      pattern = new RegExp(source)
    }
    patterns.set(source, pattern)
  }
  return pattern
}
