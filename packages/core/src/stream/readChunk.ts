import type { ChatCompletionChunk } from '../wire.ts'
import type { StreamIssueCode } from './issueSentences.ts'
import { isObject, plainValue } from './plainValue.ts'

/** What is said about something that is not as it should be. */
export type ReportIssue = (code: StreamIssueCode, raw?: string) => void

/** A short record cannot be nested so deep that it could not be written out again. */
const shortRecord = 4096

/** Reads the data of a record as a chunk; `undefined` where it is no JSON object. */
export function readChunk(data: string, report: ReportIssue): ChatCompletionChunk | undefined {
  try {
    const parsed: unknown = JSON.parse(data)
    const value = data.length < shortRecord ? parsed : plainValue(parsed, report)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
