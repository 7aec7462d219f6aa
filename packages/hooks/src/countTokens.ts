import { countPromptTokens, type PromptTokens, type Tokenizer } from '@candor/core'

import type { Countable } from './useTokenCount.ts'

/** The tokens of a text as it is, or of a prompt with what a chat format adds. */
export function countTokens(counted: Countable, tokenizer: Tokenizer): PromptTokens {
  if (typeof counted !== 'string') return countPromptTokens(counted, tokenizer)
  return { total: tokenizer.encode(counted).length, messages: [], tools: 0, notCounted: [] }
}
