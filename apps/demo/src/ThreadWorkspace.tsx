import { DefaultPart, type PartRenderers } from '@candor/components'
import { Chat, type AnswerView } from '@candor/components/chat'
import {
  createClient,
  llamaCpp,
  tokenSeries,
  type ChatAssistantMessage,
  type ChatMessage,
} from '@candor/core'
import { useChatSelector, useToolLoop, type ChatState } from '@candor/hooks'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'

import { ActiveTokenContext, type ActiveToken } from './ActiveToken.ts'
import { AnswerTokens, shownText } from './AnswerTokens.tsx'
import type { Connection } from './useConnection.ts'
import { ComposerChips } from './ComposerChips.tsx'
import { Drawer } from './Drawer.tsx'
import { createExchangeLog } from './exchanges.ts'
import { explainRelay } from './explainRelay.ts'
import { FirstScreen } from './FirstScreen.tsx'
import type { InspectorTab } from './Inspector.tsx'
import { logprobsBesideTools } from './logprobsBesideTools.ts'
import { ModelNotice } from './ModelNotice.tsx'
import type { Prompt } from './prompts.ts'
import { instructions, requestParams, type Settings } from './settings.ts'
import { ThreadHead } from './ThreadHead.tsx'
import { lastAnswerId, ThreadInspector, type ChosenAnswer } from './ThreadInspector.tsx'
import { readDraft, writeDraft } from './threadNotes.ts'
import { TokenTip, useLooked } from './TokenTip.tsx'
import { TOOLS } from './tools.ts'
import { useMediaQuery } from './useMediaQuery.ts'
import { storage } from './useThreadList.ts'

export interface ThreadWorkspaceProps {
  id: string
  /** Its name; `''` while it has none. */
  title: string
  settings: Settings
  /** Whether this thread is on screen. */
  current: boolean
  connection: Connection
  onNamed: (title: string) => void
  onSettings: (change: Partial<Settings>) => void
  onThreads: (() => void) | undefined
  onConnection: () => void
}

/** One conversation with its inspector. */
export function ThreadWorkspace({
  id,
  title: name,
  settings,
  current,
  connection,
  onNamed,
  onSettings,
  onThreads,
  onConnection,
}: ThreadWorkspaceProps) {
  const { target } = connection
  const [log] = useState(createExchangeLog)
  const client = useMemo(
    () => createClient({ ...target.endpoint, fetch: explainRelay(log.fetch) }),
    [target, log],
  )
  const chat = useToolLoop({
    id,
    storage,
    client,
    instructions: instructions(settings),
    request: {
      model: target.model,
      ...requestParams(settings, target.defaults, target.profile),
      ...(settings.tools && target.tooSmallToChoose ? { parallel_tool_calls: false } : {}),
    },
    tools: settings.tools ? TOOLS : [],
    ...(target.profile === undefined ? {} : { profile: target.profile }),
    middleware: target.profile === llamaCpp ? [logprobsBesideTools] : [],
    ...(target.tooSmallToChoose ? { toolChoice: (step: number) => (step === 0 ? 'required' : 'none') } : {}),
  })

  const title = useChatSelector(titleOf, chat)
  const tellTitle = useEffectEvent(onNamed)
  useEffect(() => {
    if (title !== '') tellTitle(title)
  }, [title])

  const [typed, setTyped] = useState(() => readDraft(id))
  const [isDraftKept, setDraftKept] = useState(true)
  function type(text: string) {
    setTyped(text)
    setDraftKept(writeDraft(id, text))
  }

  // A reload brings back the thread and what is typed, so it is asked about only where they could not be kept.
  const isUnkept = useChatSelector(
    ({ storageError, messageIds }) => storageError !== null && messageIds.length > 0,
    chat,
  )
  const wouldBeLost = isUnkept || (typed !== '' && !isDraftKept)
  useEffect(() => {
    if (!wouldBeLost) return undefined
    // The browser asks in its own words.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [wouldBeLost])

  const hasRoomForInspector = useMediaQuery('(min-width: 1100px)')
  const [drawerOpen, setDrawerOpen] = useState(false)
  const [tab, setTab] = useState<InspectorTab>('tokens')
  const [views, setViews] = useState<ReadonlyMap<string, AnswerView>>(new Map())
  const [chosen, setChosen] = useState<ChosenAnswer | undefined>(undefined)
  const [active, setActive] = useState<ActiveToken | undefined>(undefined)
  const [hasLooked, setHasLooked] = useLooked()
  const lastId = useChatSelector(finishedAnswerId, chat)

  function inspect(messageId: string) {
    setChosen({ id: messageId, whileLast: lastAnswerId(chat.store.getState()) })
  }

  function showAs(messageId: string, view: AnswerView) {
    setViews((before) => new Map(before).set(messageId, view))
    inspect(messageId)
    setTab('tokens')
  }

  /** Looks at a token; from the inspector, that shows its answer token by token. */
  function look(token: ActiveToken | undefined) {
    setActive(token)
    if (token === undefined) return
    if (!hasLooked) setHasLooked(true)
    const { messageId } = token
    const answer = chat.store.getState().messages[messageId]
    const isShown = views.get(messageId) ?? (answer?.role === 'assistant' && firstView(answer))
    if (isShown !== 'tokens') showAs(messageId, 'tokens')
    // The inspector goes along, from choice to choice too.
    else if (chosen?.id !== messageId) inspect(messageId)
  }

  const knowsPrefill = target.profile?.prefill !== undefined && target.profile.prefill.style !== 'none'
  const isBusy = useChatSelector(isTurnRunning, chat)
  const canBranch = knowsPrefill && connection.ready && !isBusy
  function branch(messageId: string, beginning: string) {
    setActive(undefined)
    // One answer goes on, whatever the next message asks for.
    void chat.continue({ messageId, prefix: beginning, params: { n: undefined } })
  }

  function begin(prompt: Prompt) {
    // The chat takes new settings when they are rendered, and this message is to be sent with them.
    const figures = { ...settings.figures, ...prompt.settings.figures }
    flushSync(() => onSettings({ ...prompt.settings, figures }))
    void chat.send(prompt.text)
  }

  const inspector = (
    <ThreadInspector
      chat={chat}
      log={log}
      chosen={chosen}
      tab={tab}
      onTab={setTab}
      settings={settings}
      target={target}
      onSettings={onSettings}
      onClose={hasRoomForInspector ? undefined : () => setDrawerOpen(false)}
    />
  )
  const notice = connection.ready ? null : <ModelNotice connection={connection} onConnection={onConnection} />

  return (
    <ActiveTokenContext
      value={{ active, look, branch: canBranch ? branch : undefined, tipFor: hasLooked ? undefined : lastId }}
    >
      <div className="workspace" hidden={!current}>
        <main className="thread">
          <ThreadHead
            title={name}
            settings={settings}
            toolCount={TOOLS.length}
            toolsNote={target.toolsNote}
            onSettings={onSettings}
            onThreads={onThreads}
            onInspector={hasRoomForInspector ? undefined : () => setDrawerOpen(true)}
          />
          <Chat
            chat={chat}
            canSend={connection.ready}
            text={typed}
            onTextChange={type}
            empty={<FirstScreen notice={notice} onPrompt={begin} />}
            composerTop={
              <div className="composer-top">
                {title !== '' && notice}
                {settings.tools && target.tooSmallToChoose && <SmallModelNote />}
              </div>
            }
            composerStart={<ComposerChips settings={settings} target={target} onSettings={onSettings} />}
            placeholder={`Message ${target.model === '' ? 'the model' : target.model}…`}
            viewOf={(message: ChatAssistantMessage) => views.get(message.id) ?? firstView(message)}
            onViewChange={(message, view) => showAs(message.id, view)}
            renderTokens={renderTokens}
            renderMessageExtra={renderTip}
            renderers={renderers}
            canContinue={knowsPrefill}
          />
        </main>
        {hasRoomForInspector ? (
          inspector
        ) : (
          <Drawer
            label="Inspector"
            side="end"
            open={drawerOpen && current}
            onClose={() => setDrawerOpen(false)}
          >
            {inspector}
          </Drawer>
        )}
      </div>
    </ActiveTokenContext>
  )
}

/** An answer that is a JSON object reads as code: as prose its indentation would be lost. */
const renderers: PartRenderers = {
  text: (part) => (
    <DefaultPart
      part={
        part.markdown && /^\s*\{\s*["}]/.test(part.text)
          ? { ...part, text: `\`\`\`json\n${part.text}` }
          : part
      }
    />
  ),
}

/** Prose is shown token by token at once; where that would lose lists, code or a table, the reader has a button for it. */
function firstView(message: ChatAssistantMessage): AnswerView {
  const { text } = shownText(message)
  return /^\s*(?:[-*+>|{[]|#{1,6}\s|\d+[.)]\s|```)|\*\*|`|\]\(/m.test(text) ? 'text' : 'tokens'
}

function isTurnRunning({ status }: ChatState): boolean {
  return status === 'submitted' || status === 'streaming' || status === 'waiting-for-tools'
}

/** The last answer, when it is whole and its tokens are what is shown. */
function finishedAnswerId(state: ChatState): string | undefined {
  const id = lastAnswerId(state)
  const answer = state.messages[id ?? '']
  const isProse =
    answer?.role === 'assistant' && answer.status === 'finished' && firstView(answer) === 'tokens'
  return isProse && (tokenSeries(answer.choice.logprobs)?.length ?? 0) > 0 ? id : undefined
}

// The same functions for every render, so that looking at a token renders no message but those with tokens.
const renderTokens = (message: ChatAssistantMessage) => <AnswerTokens message={message} />
const renderTip = (message: ChatMessage) => <TokenTip messageId={message.id} />

function SmallModelNote() {
  return (
    <p className="tools-note">
      This model is too small to choose for itself, so each message calls a tool; larger ones are not.
    </p>
  )
}

/** The first words of the conversation, as its name. */
function titleOf({ messages, messageIds }: ChatState): string {
  for (const id of messageIds) {
    const message = messages[id]
    if (message?.role !== 'user') continue
    const { content } = message.message
    const text = typeof content === 'string' ? content : ''
    return text.trim().split('\n', 1)[0]?.slice(0, 80) ?? ''
  }
  return ''
}
