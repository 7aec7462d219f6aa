import type { JsonSchema } from '../wire.ts'
import { checkJson } from './checkJson.ts'
import { joinPath } from './checkStrictSchema.ts'
import type { RequestIssue } from './RequestIssue.ts'

/** The issues of one request, as its checks find them. */
export class IssueList {
  readonly issues: RequestIssue[] = []

  error(path: string, code: string, problem: string, hint: string): void {
    this.issues.push({ path, code, level: 'error', problem, hint })
  }

  warning(path: string, code: string, problem: string, hint: string): void {
    this.issues.push({ path, code, level: 'warning', problem, hint })
  }

  /** What in a value goes against a schema: errors, and warnings for what goes against advice. */
  check(path: string, schema: JsonSchema, value: unknown, advice = ''): void {
    for (const violation of checkJson(schema, value, { advice: true })) {
      const place = violation.path.reduce<string>(joinPath, path)
      const { problem, hint } = violation
      if (violation.isAdvice)
        this.warning(place, 'unusual', problem, advice === '' ? hint : `${hint} ${advice}`)
      else this.error(place, CODES[violation.keyword] ?? 'wrong-form', problem, hint)
    }
  }
}

/** Stable names for what a schema's keywords refuse. */
const CODES: { readonly [keyword: string]: string } = {
  type: 'wrong-type',
  required: 'missing',
  minimum: 'out-of-range',
  maximum: 'out-of-range',
  minItems: 'out-of-range',
  maxItems: 'out-of-range',
  minLength: 'out-of-range',
  maxLength: 'out-of-range',
  maxProperties: 'out-of-range',
  enum: 'unknown-value',
  const: 'unknown-value',
  propertyNames: 'wrong-key',
}
