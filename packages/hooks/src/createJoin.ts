import {
  createChoiceLogprobs,
  tokenSeries,
  type ChatAssistantMessage,
  type Choice,
  type ChoiceLogprobs,
  type ChoiceLogprobsDraft,
  type TokenLogprob,
} from '@candor/core'

/** What an answer goes on from. */
export interface Continued {
  /** The text that it begins with. */
  readonly text: string
  /** The answer that said it, or the beginning of it. */
  readonly by: ChatAssistantMessage
}

/** Puts a text and what is known of it before what the server says now. */
export interface Join {
  /** The probabilities of the text, as far as they are known. */
  readonly logprobs: ChoiceLogprobs | null
  /** A choice with the text before it; in time proportional to what is new since the last call for this choice. */
  choice: (received: Choice) => Choice
}

/**
 * Joins a continuation to what it continues: one text, and its tokens in one row. Those of the first part are the ones
 * that the text was made of when it was said; where it was changed since, the rest has none.
 */
export function createJoin({ text, by }: Continued): Join {
  const before = tokensOf(text, by)
  const joined = new Map<number, { draft: ChoiceLogprobsDraft; taken: number }>()

  function start(): { draft: ChoiceLogprobsDraft; taken: number } {
    const draft = createChoiceLogprobs()
    draft.append({ content: before, refusal: null })
    return { draft, taken: 0 }
  }

  function joinLogprobs({ index, logprobs }: Choice): ChoiceLogprobs | null {
    if (before.length === 0) return logprobs
    const { draft, taken } = joined.get(index) ?? start()
    const series = tokenSeries(logprobs)
    const added: TokenLogprob[] = []
    for (let place = taken; place < (series?.length ?? 0); place++) added.push(series!.entry(place))
    if (added.length > 0) draft.append({ content: added, refusal: null })
    joined.set(index, { draft, taken: taken + added.length })
    const all = draft.snapshot()!
    // Those of a refusal, and what servers add of their own.
    for (const [field, value] of Object.entries(Object.getOwnPropertyDescriptors(logprobs ?? {}))) {
      if (!(field in all)) Object.defineProperty(all, field, value)
    }
    return all
  }

  return {
    logprobs: before.length === 0 ? null : start().draft.snapshot(),
    choice(received) {
      const content = text + (received.message.content ?? '')
      return { ...received, message: { ...received.message, content }, logprobs: joinLogprobs(received) }
    },
  }
}

/** The tokens of an answer that a text begins with, byte for byte. */
function tokensOf(text: string, { choice }: ChatAssistantMessage): TokenLogprob[] {
  const series = tokenSeries(choice.logprobs)
  if (series === undefined) return []
  const wanted = new TextEncoder().encode(text)
  const tokens: TokenLogprob[] = []
  let end = 0
  while (tokens.length < series.length && end < wanted.length) {
    const start = end
    const bytes = series.bytes(tokens.length)
    if (!bytes.every((byte, offset) => byte === wanted[start + offset])) break
    tokens.push(series.entry(tokens.length))
    end += bytes.length
  }
  return tokens
}
