import { countRenders, takeCommitCounts } from './watchCommits.ts'
// First, so that React finds it.
import { preloadMarkdown } from '@candor/components'
import { createRoot, type Root } from 'react-dom/client'

import type { BenchmarkPage, ContenderName, MountOptions } from '../BenchmarkPage.ts'
import { markdownToken } from '../markdownToken.ts'
import { AiSdkList, ThrottledAiSdkList } from './AiSdkList.tsx'
import { CandorChat } from './CandorChat.tsx'
import { CandorAnswer, CandorList } from './CandorList.tsx'
import type { Contender, HistoryMessage } from './Contender.ts'

declare global {
  interface Window {
    benchmark: BenchmarkPage
  }
}

const contenders: Record<ContenderName, Contender> = {
  'candor-answer': CandorAnswer,
  'candor-list': CandorList,
  'candor-chat': CandorChat,
  'ai-sdk': AiSdkList,
  'ai-sdk-throttled': ThrottledAiSdkList,
}

let root: Root | undefined
let send: (() => void) | undefined
let frames = 0
let errors: string[] = []
const articles = document.getElementsByTagName('article')

requestAnimationFrame(function count() {
  frames += 1
  requestAnimationFrame(count)
})
addEventListener('error', ({ message }) => errors.push(message))
addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)))

window.benchmark = {
  async mount({ contender, history, inOneRead = false, countsRenders = false }: MountOptions) {
    root?.unmount()
    send = undefined
    countRenders(countsRenders)
    const messages = createHistory(history)
    const Shown = contenders[contender]
    await nextPaint()
    const startedAt = performance.now()
    root = createRoot(document.getElementById('root')!, {
      onUncaughtError: (error) => errors.push(String(error)),
      onCaughtError: (error) => errors.push(String(error)),
    })
    root.render(
      <Shown
        fetch={inOneRead ? fetchInOneRead : (...args) => fetch(...args)}
        history={messages}
        onReady={(ready) => void (send = ready)}
      />,
    )
    const lastText = contender === 'candor-answer' ? '' : (messages.at(-1)?.text.slice(-8) ?? '')
    do await nextPaint()
    while (!isReady() || !window.benchmark.lastText().includes(lastText))
    return { milliseconds: performance.now() - startedAt }
  },
  elements: () => document.getElementsByTagName('*').length,
  send() {
    send?.()
  },
  lastText: () => articles.item(articles.length - 1)?.textContent ?? '',
  takeCounts() {
    const counted = { ...takeCommitCounts(), frames, errors }
    frames = 0
    errors = []
    return counted
  },
}

function isReady(): boolean {
  return send !== undefined
}

/** Questions of a line and answers of two paragraphs and a list. */
function createHistory(length: number): HistoryMessage[] {
  return Array.from({ length }, (_, place): HistoryMessage => {
    if (place % 2 === 0) return { role: 'user', text: `Question ${place}: what then?` }
    const words = Array.from({ length: 60 }, (_word, word) => markdownToken(250 + word)).join('')
    return { role: 'assistant', text: `Answer ${place}.${words}` }
  })
}

/** Resolves in the first task after the next paint. */
function nextPaint(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', () => resolve(), { once: true })
      port1.start()
      port2.postMessage(null)
    })
  })
}

/** The network as it is after a laptop wakes up: all that came meanwhile is there at once. */
async function fetchInOneRead(...args: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...args)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
  return new Response(body, response)
}

// As in an app that has shown a chat before.
preloadMarkdown()
