import type { StreamIssue } from '../StreamIssue.ts'
import type { StreamIssueCode } from './issueSentences.ts'
import { loadSoon } from './loadSoon.ts'

/** The words of all codes, once they are loaded: for every answer that follows. */
let sentences: { readonly [code: string]: string } | undefined

/** Gathers issues: one entry for each code, however often it is seen. */
export class StreamIssueList {
  /** Whether an issue waits for its sentence; it is published with it. */
  lacksWords = false
  readonly #issues: Map<StreamIssueCode, StreamIssue> = new Map()
  /** Told in events, as they were when they were first seen. */
  readonly #told: StreamIssue[] = []
  #published: readonly StreamIssue[] | undefined = []

  /**
   * Notes a deviation, with the chunk in which it was seen and, where text was lost or odd, that text. Returns the issue
   * when it is the first of its kind; its sentence follows with `loadWords`.
   */
  add(code: StreamIssueCode, chunk: number | undefined, raw = ''): StreamIssue | undefined {
    this.#published = undefined
    const seen = this.#issues.get(code)
    if (seen !== undefined) {
      seen.count++
      return undefined
    }
    const issue: StreamIssue = { code, message: sentences?.[code] ?? '', count: 1 }
    if (chunk !== undefined) issue.chunk = chunk
    if (raw !== '') issue.raw = raw.slice(0, 500)
    this.#issues.set(code, issue)
    const told = { ...issue }
    this.#told.push(told)
    this.lacksWords ||= sentences === undefined
    return told
  }

  /** Resolves when every issue has its sentence; where they cannot be loaded, its code must do. */
  async loadWords(): Promise<void> {
    const loaded = await loadSoon(import('./issueSentences.ts'))
    sentences ??= loaded?.issueSentences
    for (const issue of [...this.#issues.values(), ...this.#told]) {
      issue.message ||= sentences?.[issue.code] ?? issue.code
    }
    this.lacksWords = false
    this.#published = undefined
  }

  /** The issues so far that can be told. The same array until there is another. */
  snapshot(): readonly StreamIssue[] {
    return (this.#published ??= Array.from(this.#issues.values(), (issue) => ({ ...issue })).filter(
      ({ message }) => message !== '',
    ))
  }
}
