/** One thing that is wrong with a request, or unwise. */
export interface RequestIssue {
  /** Where, as one would write it in code: `messages[3].tool_call_id`; '' is the request itself. */
  readonly path: string
  /** A stable name of the rule, such as `out-of-range` or `tool-call-unanswered`. */
  readonly code: string
  /** `error`: no server accepts it, so it is not sent. `warning`: this server refuses or ignores it, or it is unwise. */
  readonly level: 'error' | 'warning'
  /** What is wrong, in one sentence. */
  readonly problem: string
  /** What would be right, in one sentence. */
  readonly hint: string
}
