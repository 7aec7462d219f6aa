import { GrowingList } from './GrowingList.ts'
import { isObject, plainValue, type JsonObject } from './plainValue.ts'
import type { ReportIssue } from './readChunk.ts'

/** Fields that the protocol does not know, gathered over a stream. Without a prototype, so that no name is special. */
export type ExtraFields = { [field: string]: unknown }

/** A server cannot make the fields grow without end; real ones have a dozen. */
const maxFields = 256

export function createExtraFields(): ExtraFields {
  const fields: ExtraFields = { __proto__: null }
  return fields
}

/**
 * Adds what a chunk says under an unknown name: objects are merged, the last value of anything else counts, `null` never
 * replaces a value. Lists are continued where they come in pieces (`append`), else the last one counts.
 */
export function mergeExtraField(
  fields: ExtraFields,
  name: string,
  value: unknown,
  append: boolean,
  report: ReportIssue,
): void {
  const old = fields[name]
  if (value === null && old !== undefined) return
  const plain = plainValue(value, report)
  if (append && Array.isArray(plain)) {
    const list = old instanceof GrowingList ? old : new GrowingList<unknown>()
    list.append(plain)
    if (list !== old) setField(fields, name, list, report)
  } else if (isObject(plain) && isObject(old) && Object.keys(old).length < maxFields) {
    fields[name] = { ...old, ...plain }
  } else {
    setField(fields, name, plain, report)
  }
}

function setField(fields: ExtraFields, name: string, value: unknown, report: ReportIssue): void {
  if (name === '__proto__' || (!(name in fields) && Object.keys(fields).length >= maxFields))
    report('unsafe-value')
  else fields[name] = value
}

/** Puts the fields, as plain data, into what is published. */
export function addExtraFields(target: JsonObject, fields: ExtraFields): void {
  for (const name in fields) {
    const value = fields[name]
    target[name] = value instanceof GrowingList ? value.snapshot() : value
  }
}
