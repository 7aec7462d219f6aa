import { TokenHeatmap, useTokenAlignment, useTokens } from '@candor/components/logprobs'
import type { ChatAssistantMessage } from '@candor/core'

import { useActiveToken } from './ActiveToken.ts'

/** An answer token by token, in step with the inspector; it can go on from any token with another one. */
export function AnswerTokens({ message }: { message: ChatAssistantMessage }) {
  const { active, look, branch } = useActiveToken()
  const { text, part } = shownText(message)
  const { logprobs } = message.choice
  const alignment = useTokenAlignment(useTokens({ logprobs, part }), text)

  function branchAt(index: number, token: string) {
    const unit = alignment.unitOfToken(index)
    if (unit === undefined || branch === undefined) return
    const { start, from } = alignment.unit(unit)
    // A part of a character is no text: then the answer goes on from where the character began.
    const isText = from === index && !token.includes('\ufffd')
    branch(message.id, text.slice(0, start) + (isText ? token : ''))
  }

  return (
    <TokenHeatmap
      text={text}
      logprobs={logprobs}
      part={part}
      streaming={message.status === 'streaming'}
      activeIndex={active?.messageId === message.id ? active.index : null}
      onActiveIndexChange={(index) => look(index === null ? undefined : { messageId: message.id, index })}
      {...(branch !== undefined &&
        part === 'content' && { onBranch: ({ token }, index) => branchAt(index, token) })}
    />
  )
}

/** What an answer says, and which of its logprobs are those of it. */
export function shownText({ choice }: ChatAssistantMessage): { text: string; part: 'content' | 'refusal' } {
  const { content, refusal } = choice.message
  return content === null || content === ''
    ? { text: refusal ?? '', part: 'refusal' }
    : { text: content, part: 'content' }
}
