import type { ChoiceLogprobsDraft } from '../logprobs/choiceLogprobs.ts'
import type { ChoiceLogprobs } from '../wire.ts'
import { addExtraFields, createExtraFields, mergeExtraField } from './extraFields.ts'

/**
 * Gathers the `logprobs` of one choice as the objects that they came as: for those that nobody asked for, until which
 * the columns of `createChoiceLogprobs` are not loaded.
 */
export function createPlainLogprobs(): ChoiceLogprobsDraft {
  const fields = createExtraFields()
  let published: ChoiceLogprobs | null = null
  return {
    append(logprobs) {
      published = null
      for (const field in logprobs) mergeExtraField(fields, field, logprobs[field], true, () => {})
    },
    snapshot() {
      if (published === null) {
        published = { content: null }
        addExtraFields(published, fields)
      }
      return published
    },
  }
}
