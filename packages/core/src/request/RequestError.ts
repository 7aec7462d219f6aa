import { CompletionError } from '../CompletionError.ts'
import type { RequestIssue } from './RequestIssue.ts'

/** What the message of the error begins with, and what led to it. */
export interface RequestErrorOptions extends ErrorOptions {
  /** What did not happen, without a full stop. @default 'The request was not sent' */
  summary?: string
}

/** A request that was not sent, with everything that is wrong with it. */
export class RequestError extends CompletionError {
  override readonly name: string = 'RequestError'
  /** Every issue, errors first, warnings after them, each group in the order of the request. */
  declare readonly issues: readonly RequestIssue[]

  constructor(issues: readonly RequestIssue[], options: RequestErrorOptions = {}) {
    const errors = issues.filter((issue) => issue.level === 'error')
    super(
      {
        type: 'request',
        message: describe(errors, options.summary ?? 'The request was not sent'),
        retryable: false,
        issues: [...errors, ...issues.filter((issue) => issue.level === 'warning')],
      },
      options,
    )
  }
}

function describe(errors: readonly RequestIssue[], summary: string): string {
  const count = errors.length === 1 ? '1 thing is' : `${errors.length} things are`
  const lines = errors.map(
    ({ path, problem, hint }) => `- ${path === '' ? '' : `${path}: `}${problem} ${hint}`,
  )
  return [`${summary}: ${count} wrong with it.`, ...lines].join('\n')
}
