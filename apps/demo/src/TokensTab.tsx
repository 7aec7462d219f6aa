import {
  LogprobsLegend,
  LogprobsNotice,
  LogprobsSummary,
  LogprobsTimeline,
  UncertainPassages,
  type LogprobsAbsence,
} from '@candor/components/logprobs'
import type { ChatAssistantMessage, ChatCompletionParams } from '@candor/core'

import { useActiveToken } from './ActiveToken.ts'
import { shownText } from './AnswerTokens.tsx'
import { Nothing } from './Nothing.tsx'

export interface TokensTabProps {
  answer: ChatAssistantMessage | undefined
  /** What the answer was asked with, where that is known. */
  request: Partial<ChatCompletionParams> | undefined
  /** Whether the server reports the probabilities of temperature 1, whatever was asked for. */
  reportsAtOne: boolean
  /** Whether logprobs will be asked for. */
  asksForLogprobs: boolean
  /** Called when the reader wants to see a passage in the answer: where the inspector lies over it, it goes. */
  onShowAnswer: () => void
}

/** How sure the model was of the tokens of an answer. */
export function TokensTab({ answer, request, reportsAtOne, asksForLogprobs, onShowAnswer }: TokensTabProps) {
  const { active, look } = useActiveToken()
  if (answer === undefined) {
    return (
      <Nothing>
        {asksForLogprobs
          ? 'Send a message, and this shows how sure the model was of each token.'
          : 'Logprobs are off. Switch them on above the thread, and the next answer shows how sure the model was of each token.'}
      </Nothing>
    )
  }
  const { text, part } = shownText(answer)
  const tokens = { logprobs: answer.choice.logprobs, part }
  const streaming = answer.status === 'streaming' || answer.status === 'submitted'
  const activeIndex = active?.messageId === answer.id ? active.index : null
  const choose = (index: number) => look({ messageId: answer.id, index })
  const isEmpty = (answer.choice.logprobs?.content ?? answer.choice.logprobs?.refusal ?? []).length === 0
  const notice = (
    <LogprobsNotice
      {...tokens}
      text={text}
      temperature={reportsAtOne ? 1 : undefined}
      absence={absence(answer, request)}
      streaming={streaming}
    />
  )
  if (isEmpty && streaming) return <Nothing>Waiting for the first token.</Nothing>
  if (isEmpty && text === '' && answer.error !== undefined) return <Nothing>No token came.</Nothing>
  if (isEmpty) return notice
  return (
    <div className="tokens">
      <LogprobsLegend />
      <LogprobsTimeline {...tokens} activeIndex={activeIndex} onActiveIndexChange={choose} />
      <LogprobsSummary {...tokens} />
      <UncertainPassages
        {...tokens}
        text={text}
        activeIndex={activeIndex}
        onSelectToken={(index) => {
          choose(index)
          onShowAnswer()
        }}
      />
      {notice}
      {reportsAtOne && typeof request?.temperature === 'number' && request.temperature !== 1 && (
        <p className="hint">
          The tokens were drawn at temperature {request.temperature}; llama.cpp reports the probabilities of
          temperature 1 all the same.
        </p>
      )}
    </div>
  )
}

/** Why an answer has no probabilities. */
function absence(
  answer: ChatAssistantMessage,
  request: Partial<ChatCompletionParams> | undefined,
): LogprobsAbsence {
  if ((answer.choice.message.tool_calls ?? []).length > 0) return 'tool-call'
  return request?.logprobs === true ? 'not-sent' : 'not-requested'
}
