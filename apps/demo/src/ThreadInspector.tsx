import { checkRequest, llamaCpp, type RequestIssue, type RequestMessage } from '@candor/core'
import { useChatSelector, useMessage, type ChatHandle, type ChatState } from '@candor/hooks'
import { useState, useSyncExternalStore } from 'react'

import type { Target } from './connection.ts'
import { exchangeOf, requestOf, type ExchangeLog } from './exchanges.ts'
import { ExchangeStepper } from './ExchangeStepper.tsx'
import { Inspector, type InspectorTab } from './Inspector.tsx'
import { ParametersTab } from './ParametersTab.tsx'
import { RequestTab } from './RequestTab.tsx'
import { instructions, refusesLogprobs, requestParams, type Settings } from './settings.ts'
import { StreamTab } from './StreamTab.tsx'
import { TokensTab } from './TokensTab.tsx'

/** An answer that the reader chose to look at: until another one comes, which is then of more interest. */
export interface ChosenAnswer {
  id: string
  /** The last answer when it was chosen. */
  whileLast: string | undefined
}

export interface ThreadInspectorProps {
  chat: ChatHandle
  log: ExchangeLog
  /** The answer that the reader chose, if any. */
  chosen: ChosenAnswer | undefined
  tab: InspectorTab
  onTab: (tab: InspectorTab) => void
  settings: Settings
  target: Target
  onSettings: (change: Partial<Settings>) => void
  onClose: (() => void) | undefined
}

/** The inspector of one thread: of the chosen answer, else of the last. */
export function ThreadInspector({
  chat,
  log,
  chosen,
  tab,
  onTab,
  settings,
  target,
  onSettings,
  onClose,
}: ThreadInspectorProps) {
  const lastId = useChatSelector(lastAnswerId, chat)
  const message = useMessage((chosen?.whileLast === lastId ? chosen?.id : lastId) ?? '', chat)
  const answer = message?.role === 'assistant' ? message : undefined
  const exchanges = useSyncExternalStore(log.subscribe, log.getSnapshot)
  const own = answer === undefined ? exchanges.at(-1) : exchangeOf(exchanges, answer.timings.startedAt)
  // Another exchange of the thread, as long as the same answer is inspected: a turn with tools has several.
  const [stepped, setStepped] = useState<{ from: number | undefined; to: number } | undefined>(undefined)
  const exchange =
    (stepped?.from === own?.number && exchanges.find(({ number }) => number === stepped?.to)) || own
  const stepper = exchange !== undefined && exchanges.length > 1 && (
    <ExchangeStepper
      exchanges={exchanges}
      exchange={exchange}
      onStep={(to) => setStepped({ from: own?.number, to })}
    />
  )

  return (
    <Inspector
      tab={tab}
      onTab={onTab}
      onClose={onClose}
      views={{
        tokens: (
          <TokensTab
            answer={answer}
            request={requestOf(own)}
            reportsAtOne={own !== undefined && target.profile === llamaCpp}
            onShowAnswer={() => onClose?.()}
            asksForLogprobs={settings.logprobs && !refusesLogprobs(target.profile)}
          />
        ),
        request: <RequestTab exchange={exchange} isEarlier={answer !== undefined} stepper={stepper} />,
        stream: (
          <StreamTab
            key={exchange?.number}
            exchange={exchange}
            isEarlier={answer !== undefined}
            issues={exchange === own ? answer?.issues : undefined}
            stepper={stepper}
          />
        ),
        parameters: (
          <ParametersTab
            settings={settings}
            defaults={target.defaults}
            issues={issuesOf(settings, target)}
            limitNote={target.limitNote}
            onChange={onSettings}
          />
        ),
      }}
    />
  )
}

/** What speaks against the request of the next message, whatever it will say. */
function issuesOf(settings: Settings, { model, defaults, profile }: Target): readonly RequestIssue[] {
  const messages: RequestMessage[] = [
    { role: 'system', content: instructions(settings) },
    { role: 'user', content: 'Hello' },
  ]
  return checkRequest(
    { model, messages, stream: true, ...requestParams(settings, defaults, profile) },
    profile === undefined ? {} : { profile },
  )
}

/** The last answer of the branch that is shown. */
export function lastAnswerId({ messages, messageIds }: ChatState): string | undefined {
  return messageIds.findLast((id) => messages[id]?.role === 'assistant')
}
