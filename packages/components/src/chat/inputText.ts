import type { ChatInput } from '@candor/hooks'

/** The words of an input. */
export function inputText(input: ChatInput): string {
  if (typeof input === 'string') return input
  return input.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
}
