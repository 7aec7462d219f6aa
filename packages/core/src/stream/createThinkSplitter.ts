/** Takes text in pieces and tells the thinking in it from the rest. */
export interface ThinkSplitter {
  push(text: string): void
  /** No more will come: what was held back is told. */
  end(): void
}

/**
 * Takes `<think>…</think>` at the beginning of a text apart, for servers that leave it there (raw Groq, llama.cpp and
 * vLLM without a parser, Cerebras). Only at the beginning: further on the model writes about the tag. `isOpen`: the
 * prompt has opened the tag already, and the text begins inside it (DeepSeek R1, Qwen3 thinking).
 */
export function createThinkSplitter(
  isOpen: boolean,
  onThinking: (text: string) => void,
  onText: (text: string) => void,
): ThinkSplitter {
  let state: 'beginning' | 'thinking' | 'text' = isOpen ? 'thinking' : 'beginning'
  /** What may be part of a tag whose rest has not come. */
  let held = ''

  function push(text: string): void {
    if (state === 'text') return onText(text)
    held += text
    if (state === 'beginning') {
      const begun = held.trimStart()
      if (begun.startsWith('<think>')) {
        state = 'thinking'
        held = begun.slice(7)
      } else if (!'<think>'.startsWith(begun)) {
        return goOnWithText(held)
      } else return undefined
    }
    const close = held.indexOf('</think>')
    if (close !== -1) {
      tell(held.slice(0, close))
      return goOnWithText(held.slice(close + 8))
    }
    const safe = held.length - heldBack(held)
    tell(held.slice(0, safe))
    held = held.slice(safe)
    return undefined
  }

  function tell(thinking: string): void {
    if (thinking !== '') onThinking(thinking)
  }

  function goOnWithText(text: string): void {
    state = 'text'
    held = ''
    if (text !== '') onText(text)
  }

  return {
    push,
    end() {
      if (state === 'thinking') tell(held)
      else if (held !== '') onText(held)
      held = ''
    },
  }
}

/** How many characters at the end of a text may be the beginning of the closing tag. */
function heldBack(text: string): number {
  for (let length = Math.min(7, text.length); length > 0; length--) {
    if ('</think>'.startsWith(text.slice(-length))) return length
  }
  return 0
}
