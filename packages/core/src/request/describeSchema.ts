/** What a value must be, in words: `a number from 0 to 2, or null`. Reads on after "Give …". */
export function describeSchema(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'any value'
  const facts: { readonly [keyword: string]: unknown } = { ...schema }
  if (typeof facts.hint === 'string') return facts.hint
  if (Array.isArray(facts.known)) return `a text (known: ${facts.known.map(showValue).join(', ')})`
  if ('const' in facts) return showValue(facts.const)
  if (Array.isArray(facts.enum)) {
    const values = facts.enum.map(showValue)
    return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`
  }
  const branches = Array.isArray(facts.anyOf) ? facts.anyOf : facts.oneOf
  if (Array.isArray(branches)) return branches.map(describeSchema).join(', or ')
  const types: readonly unknown[] = Array.isArray(facts.type) ? facts.type : [facts.type]
  return types.map((type) => describeType(type, facts)).join(', or ')
}

function describeType(type: unknown, facts: { readonly [keyword: string]: unknown }): string {
  switch (type) {
    case 'null':
      return 'null'
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `a whole number${describeRange(facts)}`
    case 'number':
      return `a number${describeRange(facts)}`
    case 'string':
      return `${typeof facts.minLength === 'number' && facts.minLength > 0 ? 'a text that is not empty' : 'a text'}${
        typeof facts.maxLength === 'number' ? ` of at most ${facts.maxLength} characters` : ''
      }${typeof facts.pattern === 'string' ? ` that matches ${facts.pattern}` : ''}`
    case 'array': {
      const { minItems, maxItems } = facts
      const size =
        typeof minItems === 'number' && typeof maxItems === 'number'
          ? ` of ${minItems} to ${maxItems} items`
          : typeof minItems === 'number'
            ? ` of at least ${minItems} item${minItems === 1 ? '' : 's'}`
            : typeof maxItems === 'number'
              ? ` of at most ${maxItems} items`
              : ''
      return `a list${size}`
    }
    case 'object':
      return Array.isArray(facts.required) && facts.required.length > 0
        ? `an object with ${facts.required.map((name) => `\`${String(name)}\``).join(', ')}`
        : 'an object'
    default:
      return 'any value'
  }
}

function describeRange(facts: { readonly [keyword: string]: unknown }): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = facts
  if (typeof exclusiveMinimum === 'number' && typeof exclusiveMaximum === 'number') {
    return ` between ${exclusiveMinimum} and ${exclusiveMaximum}, without these`
  }
  const low =
    typeof minimum === 'number'
      ? `from ${minimum}`
      : typeof exclusiveMinimum === 'number'
        ? `above ${exclusiveMinimum}`
        : ''
  const high =
    typeof maximum === 'number'
      ? `${low === '' ? 'up ' : ''}to ${maximum}`
      : typeof exclusiveMaximum === 'number'
        ? `below ${exclusiveMaximum}`
        : ''
  if (low === '' && high === '') return ''
  return ` ${[low, high || 'up'].filter((part) => part !== '').join(' ')}`
}

/** A value as one would write it, cut where it is long. */
export function showValue(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' || value === undefined) return String(value)
  if (Array.isArray(value) && value.length > 3) return `a list of ${value.length} items`
  try {
    // A picture's bytes are not written down to show their beginning.
    const json = JSON.stringify(typeof value === 'string' ? value.slice(0, 61) : value) ?? typeof value
    return json.length > 60 ? `${json.slice(0, 57)}…` : json
  } catch {
    return 'a value that is not JSON'
  }
}
