import { TokenHeatmap } from '@candor/components/logprobs'
import type { ChatAssistantMessage } from '@candor/core'

import { useActiveToken } from './ActiveToken.ts'

/** An answer token by token, in step with the inspector. */
export function AnswerTokens({ message }: { message: ChatAssistantMessage }) {
  const { active, look } = useActiveToken()
  const { text, part } = shownText(message)
  return (
    <TokenHeatmap
      text={text}
      logprobs={message.choice.logprobs}
      part={part}
      streaming={message.status === 'streaming'}
      activeIndex={active?.messageId === message.id ? active.index : null}
      onActiveIndexChange={(index) => look(index === null ? undefined : { messageId: message.id, index })}
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
