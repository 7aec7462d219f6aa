/** A JSON object as it came: nothing is known of its fields. */
export type JsonObject = { [field: string]: unknown }

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A finite number, also where it came as text; else `undefined`. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const maxDepth = 64

/**
 * A server's value of unknown shape, safe to keep: the value itself where it is harmless; else a copy without keys named
 * `__proto__` and with `null` for what is nested deeper than 64 levels (it could not be copied or written out again).
 */
export function plainValue(value: unknown, onUnsafe: () => void, depth = 0): unknown {
  if (Array.isArray(value)) return plainList(value, onUnsafe, depth)
  return isObject(value) ? plainObject(value, onUnsafe, depth) : value
}

/** As `plainValue`, for a list. */
export function plainList(list: readonly unknown[], onUnsafe: () => void, depth = 0): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let at = 0; at < list.length; at++) {
    const item = list[at]
    const plain = plainChild(item, onUnsafe, depth)
    if (plain !== item) (copy ??= [...list])[at] = plain
  }
  return copy ?? list
}

/** As `plainValue`, for an object. */
export function plainObject(object: JsonObject, onUnsafe: () => void, depth = 0): JsonObject {
  let copy: JsonObject | undefined
  for (const field of Object.keys(object)) {
    if (field === '__proto__') {
      onUnsafe()
      copy ??= { ...object }
      delete copy[field]
      continue
    }
    const item = object[field]
    const plain = plainChild(item, onUnsafe, depth)
    if (plain !== item) (copy ??= { ...object })[field] = plain
  }
  return copy ?? object
}

function plainChild(value: unknown, onUnsafe: () => void, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth < maxDepth) return plainValue(value, onUnsafe, depth + 1)
  onUnsafe()
  return null
}
