import type { ReportIssue } from './readChunk.ts'

/** A JSON object as it came: nothing is known of its fields. */
export type JsonObject = { [field: string]: unknown }

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A finite number, also where it came as text; else `undefined`. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const maxDepth = 64

/**
 * A server's value of unknown shape, safe to keep: the value itself where it is harmless; else a copy without keys named
 * `__proto__` and with `null` for what is nested deeper than 64 levels (it could not be copied or written out again).
 */
export function plainValue(value: unknown, report: ReportIssue, depth = 0): unknown {
  if (Array.isArray(value)) return plainList(value, report, depth)
  return isObject(value) ? plainObject(value, report, depth) : value
}

/** As `plainValue`, for a list. */
export function plainList(list: readonly unknown[], report: ReportIssue, depth = 0): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let at = 0; at < list.length; at++) {
    const item = list[at]
    const plain = plainChild(item, report, depth)
    if (plain !== item) (copy ??= [...list])[at] = plain
  }
  return copy ?? list
}

/** As `plainValue`, for an object. */
export function plainObject(object: JsonObject, report: ReportIssue, depth = 0): JsonObject {
  let copy: JsonObject | undefined
  for (const field of Object.keys(object)) {
    const item = object[field]
    const plain = field === '__proto__' ? undefined : plainChild(item, report, depth)
    if (plain === item) continue
    copy ??= { ...object }
    if (plain === undefined) {
      report('unsafe-value')
      delete copy[field]
    } else copy[field] = plain
  }
  return copy ?? object
}

function plainChild(value: unknown, report: ReportIssue, depth: number): unknown {
  if (typeof value !== 'object' || depth < maxDepth) return plainValue(value, report, depth + 1)
  if (value !== null) report('unsafe-value')
  return null
}
