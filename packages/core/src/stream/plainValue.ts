/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is { [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const maxDepth = 64

/**
 * A server's value of unknown shape, safe to keep: the value itself where it is harmless; else a copy without keys named
 * `__proto__` and with `null` for what is nested deeper than 64 levels (it could not be copied or written out again).
 */
export function plainValue(value: unknown, onChange: () => void, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth >= maxDepth) {
    onChange()
    return null
  }
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined
    for (let at = 0; at < value.length; at++) {
      const item: unknown = value[at]
      const plain = plainValue(item, onChange, depth + 1)
      if (plain !== item) (copy ??= [...(value as unknown[])])[at] = plain
    }
    return copy ?? value
  }
  let copy: { [field: string]: unknown } | undefined
  for (const field of Object.keys(value)) {
    if (field === '__proto__') {
      onChange()
      copy ??= { ...value }
      delete copy[field]
      continue
    }
    const item = (value as { [field: string]: unknown })[field]
    const plain = plainValue(item, onChange, depth + 1)
    if (plain !== item) (copy ??= { ...value })[field] = plain
  }
  return copy ?? value
}
