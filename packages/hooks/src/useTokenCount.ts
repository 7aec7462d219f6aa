'use client'
import type { ChatCompletionParams, PromptTokens, Tokenizer } from '@candor/core'
import { useDeferredValue, useEffect, useState } from 'react'

/** What is counted: a text, or a request with its messages, tools and schema. */
export type Countable = string | (Pick<ChatCompletionParams, 'messages'> & Partial<ChatCompletionParams>)

/** A tokenizer, or how to load it: `() => import('gpt-tokenizer')`. The same function in every render. */
export type TokenizerSource = Tokenizer | (() => Promise<Tokenizer>)

/**
 * How many tokens a text or a prompt takes: `undefined` until the tokenizer is loaded, then the last count until the next
 * one is made, which typing does not wait for. Pictures, sounds and files are named in `notCounted`, not guessed.
 */
export function useTokenCount(counted: Countable, tokenizer: TokenizerSource): PromptTokens | undefined {
  const latest = useDeferredValue(counted)
  const [tokens, setTokens] = useState<PromptTokens | undefined>(undefined)
  useEffect(() => {
    let isCurrent = true
    async function count(): Promise<void> {
      const { countTokens } = await import('./countTokens.ts')
      const loaded = typeof tokenizer === 'function' ? await tokenizer() : tokenizer
      if (isCurrent) setTokens(countTokens(latest, loaded))
    }
    void count()
    return () => {
      isCurrent = false
    }
  }, [latest, tokenizer])
  return tokens
}
