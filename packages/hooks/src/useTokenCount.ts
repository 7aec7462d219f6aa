'use client'
import type { ChatCompletionParams, PromptTokens, Tokenizer } from '@candor/core'
import { useDeferredValue, useEffect, useRef, useState } from 'react'

/** What is counted: a text, or a request with its messages, tools and schema. */
export type Countable = string | (Pick<ChatCompletionParams, 'messages'> & Partial<ChatCompletionParams>)

/** A tokenizer, or how to load it: `() => import('gpt-tokenizer')`. */
export type TokenizerSource = Tokenizer | (() => Promise<Tokenizer>)

/**
 * How many tokens a text or a prompt takes: `undefined` until the tokenizer is loaded, then the last count until the next
 * one is made, which typing does not wait for. Pictures, sounds and files are named in `notCounted`, not guessed.
 */
export function useTokenCount(counted: Countable, tokenizer: TokenizerSource): PromptTokens | undefined {
  const latest = useDeferredValue(counted)
  const [tokens, setTokens] = useState<PromptTokens | undefined>(undefined)
  const shown = useRef('')
  useEffect(() => {
    let isCurrent = true
    async function update(): Promise<void> {
      const { countTokens } = await import('./countTokens.ts')
      const loaded = typeof tokenizer === 'function' ? await tokenizer() : tokenizer
      if (!isCurrent) return
      const count = countTokens(latest, loaded)
      // A request or a function made anew in every render, and the same count: to render for that would never end.
      const text = JSON.stringify(count)
      if (text !== shown.current) setTokens(count)
      shown.current = text
    }
    void update()
    return () => {
      isCurrent = false
    }
  }, [latest, tokenizer])
  return tokens
}
