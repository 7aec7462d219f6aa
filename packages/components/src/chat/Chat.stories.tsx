import type { ChatMessage } from '@candor/core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'

import { answer, toolCall, userMessage, withFields } from '../fixtures/messages.ts'
import { recordedResponse, recording } from '../fixtures/recordings.ts'
import { demoTools, ReplayedChat, type ReplayedChatProps } from '../fixtures/ReplayedChat.tsx'
import { inRow, stateOf, staticChat } from '../fixtures/staticChat.ts'
import { inWindow } from '../fixtures/storyFrame.tsx'
import { Chat } from './index.ts'

/**
 * A whole chat from one handle. The stories that stream replay recordings of the embedded model through the real client
 * and the real hooks; the toolbar says how fast.
 */
const meta: Meta<typeof Chat> = {
  title: 'Chat/Chat',
  component: Chat,
  decorators: [inWindow],
  argTypes: { chat: { control: false } },
  parameters: { layout: 'fullscreen', docs: { story: { inline: false, height: '560px' } } },
}
export default meta

type Story = StoryObj<typeof Chat>

/** A story on a server that replays recordings. */
function replayed(props: ReplayedChatProps): NonNullable<Story['render']> {
  return (_, { globals }) => <ReplayedChat speed={Number(globals['replaySpeed'])} {...props} />
}

/** A chat that stands still. */
function still(
  messages: readonly ChatMessage[],
  state: Parameters<typeof staticChat>[0] = {},
): NonNullable<Story['args']> {
  return { chat: staticChat({ ...stateOf(inRow(messages)), ...state }) }
}

/** For stories that the page of documentation leaves out: a page of thirty chats is none. */
const apart = ['!autodocs']

const suggestions = [
  'What is the capital of France?',
  'What should I wear in Paris today?',
  'Describe Bob, 30, as JSON',
]

export const FirstScreen: Story = {
  args: {
    chat: staticChat({}, { send: fn(async () => 'finished' as const) }),
    suggestions,
    heading: 'See what the model almost said',
  },
  play: async ({ args, canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: suggestions[0] ?? '' }))
    await expect(args.chat?.actions.send).toHaveBeenCalledWith(suggestions[0])
  },
}

export const Sending: Story = {
  tags: apart,
  args: still(
    [
      userMessage('What is the capital of France?'),
      answer(null, { status: 'submitted', timings: { startedAt: 0 } }),
    ],
    { status: 'submitted' },
  ),
  play: async ({ canvas }) => {
    await expect(canvas.getByTitle('Waiting for the first token')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Stop' })).toBeEnabled()
  },
}

/** The stream stands still after 90 chunks. */
export const Streaming: Story = {
  render: replayed({
    answers: [recording('markdown')],
    ask: 'Give me three tips for sleeping well.',
    holdAfter: 90,
  }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Keeping a Sleep Schedule:', {}, { timeout: 5000 })).toBeVisible()
    await expect(canvas.getByText('Enter queues it')).toBeVisible()
    await expect(canvas.queryByRole('button', { name: 'Answer again' })).toBeNull()
  },
}

export const Answered: Story = {
  tags: apart,
  render: replayed({ answers: [recording('markdown')], ask: 'Give me three tips for sleeping well.' }),
  play: async ({ canvas }) => {
    await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 5000 })
    await waitFor(() => expect(canvas.getByText('Keeping a Sleep Schedule:').tagName).toBe('STRONG'))
    await expect(canvas.getByText('stop')).toBeVisible()
    await expect(canvas.getByText('seed')).toBeVisible()
  },
}

/** Code is plain while its fence is open, and coloured when it closes. */
export const Code: Story = {
  tags: apart,
  render: replayed({
    answers: [recording('code')],
    ask: 'Write a JavaScript function that reverses a string.',
  }),
  play: async ({ canvas, canvasElement }) => {
    await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 5000 })
    await waitFor(() => expect(canvasElement.querySelector('.hljs-keyword')).not.toBeNull())
    await expect(canvas.getAllByRole('button', { name: 'Copy code' })).toHaveLength(2)
  },
}

export const Stopped: Story = {
  tags: apart,
  args: still([
    userMessage('Give me three tips.'),
    answer('1. **Avoid caffeine** in the', { status: 'stopped', finishReason: null }),
  ]),
}

export const CutOff: Story = {
  tags: apart,
  args: still([
    userMessage('Give me three tips.'),
    answer('1. **Avoid caffeine** in the', { status: 'cut-off', finishReason: null }),
  ]),
}

export const InterruptedByAReload: Story = {
  tags: apart,
  args: {
    ...still(
      [
        userMessage('Give me three tips.'),
        answer('1. **Avoid caffeine** in the', {
          status: 'interrupted',
          finishReason: null,
          usage: { prompt_tokens: 9, completion_tokens: 17, total_tokens: 26 },
        }),
      ],
      { status: 'interrupted' },
    ),
    canContinue: true,
  },
  play: async ({ canvas }) => {
    await expect(canvas.getByText('17 tokens are kept.')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Continue' })).toBeEnabled()
  },
}

/** Nothing listens at the address. */
export const NoServer: Story = {
  tags: apart,
  render: replayed({ answers: [new TypeError('Failed to fetch')], ask: 'What is the capital of France?' }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('button', { name: 'Retry' }, { timeout: 15_000 })).toBeEnabled()
    await expect(canvas.getByRole('article', { name: 'You' })).toHaveTextContent(
      'What is the capital of France?',
    )
  },
}

export const WrongKey: Story = {
  tags: apart,
  render: replayed({ answers: [recordedResponse('error-401')], ask: 'What is the capital of France?' }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('authentication_error · 401', {}, { timeout: 5000 })).toBeVisible()
  },
}

/** The server reported an error within the stream. */
export const ErrorInTheStream: Story = {
  tags: apart,
  render: replayed({ answers: [recording('error-in-stream')], ask: 'What is the weather in Paris?' }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('button', { name: 'Retry' }, { timeout: 15_000 })).toBeEnabled()
  },
}

export const ErrorInTheMiddle: Story = {
  args: still(
    [
      userMessage('Tell me everything about Paris.'),
      answer('Paris is the capital of France and has', {
        status: 'error',
        finishReason: null,
        error: {
          type: 'server',
          message:
            'The server stopped in the middle of the answer. What arrived is kept. It was running out of context (2,048 tokens).',
          code: 'exceed_context_size_error',
          status: 400,
          retryable: true,
        },
      }),
    ],
    { status: 'error' },
  ),
  play: async ({ canvas }) => {
    await expect(canvas.getByText('The server stopped in the middle of the answer.')).toBeVisible()
    await expect(canvas.getByText(/What arrived is kept\./)).toBeVisible()
    await expect(canvas.getByText('exceed_context_size_error · 400')).toBeVisible()
  },
}

export const Refusal: Story = {
  tags: apart,
  args: still([
    userMessage('Write my exam for me.'),
    withFields(answer(null), { refusal: 'I can help you study, but I will not sit the exam.' }),
  ]),
}

export const EmptyAnswer: Story = {
  tags: apart,
  args: still([userMessage('Say nothing.'), answer('')]),
}

export const TokenLimit: Story = {
  tags: apart,
  render: replayed({ answers: [recording('length-cut')], ask: 'Tell me a long story.' }),
  play: async ({ canvas }) => {
    await expect(
      await canvas.findByText('The answer stopped at the token limit.', {}, { timeout: 5000 }),
    ).toBeVisible()
  },
}

export const Reasoning: Story = {
  tags: apart,
  args: still([
    userMessage('What should I pack for Paris this weekend?'),
    answer('A raincoat.', {
      reasoning: 'The user packs for a weekend, so rain on Saturday matters more than the mean.',
    }),
  ]),
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Thoughts' }))
    await expect(canvas.getByText(/rain on Saturday/)).toBeVisible()
  },
}

/** The model calls a tool, the tool answers, the model answers. */
export const WithTools: Story = {
  render: replayed({
    answers: [recording('tool-call'), recording('tool-result')],
    ask: 'What is the weather in Paris?',
    tools: demoTools,
  }),
  play: async ({ canvas }) => {
    await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 8000 })
    const card = canvas.getByRole('group', { name: 'get_weather' })
    await expect(card).toHaveAttribute('data-status', 'done')
    await expect(within(card).getByText('{ "temperature": 18, "sky": "light rain" }')).toBeVisible()
  },
}

/** The tool fails on purpose; the model is told. */
export const ToolFails: Story = {
  tags: apart,
  render: replayed({
    answers: [recording('tool-call-failing'), recording('tool-result-failed')],
    ask: 'Roll dice with 6 sides.',
    tools: demoTools,
  }),
  play: async ({ canvas }) => {
    await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 8000 })
    await expect(canvas.getByRole('group', { name: 'roll_dice' })).toHaveAttribute('data-status', 'failed')
  },
}

export const ToolCallsAtOnce: Story = {
  tags: apart,
  render: replayed({
    answers: [recording('tool-calls-parallel'), recording('tool-result')],
    ask: 'What is the weather in Paris and in London?',
    tools: demoTools,
  }),
  play: async ({ canvas }) => {
    await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 8000 })
    await expect(canvas.getAllByRole('group', { name: 'get_weather' })).toHaveLength(2)
  },
}

const withApproval = replayed({
  answers: [recording('tool-call'), recording('tool-result')],
  ask: 'What is the weather in Paris?',
  tools: demoTools,
  options: { approval: 'always' },
})

/** The turn stands still until the reader allows or denies the call. */
export const Approval: Story = {
  tags: apart,
  render: withApproval,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('button', { name: 'Allow' }, { timeout: 5000 })).toBeEnabled()
  },
}

/** The reader allows the call, the tool answers, the model goes on. */
export const ApprovalGiven: Story = {
  tags: apart,
  render: withApproval,
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Allow' }, { timeout: 5000 }))
    await waitFor(() =>
      expect(canvas.getByRole('group', { name: 'get_weather' })).toHaveAttribute('data-status', 'done'),
    )
    await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 8000 })
  },
}

const packing: readonly ChatMessage[] = [
  userMessage('What should I pack for Paris this weekend?'),
  {
    ...withFields(answer(null, { finishReason: 'tool_calls' }), {
      tool_calls: [
        toolCall('get_weather', { city: 'Paris', unit: 'celsius' }, 'call_1'),
        toolCall('book_train', { to: 'Paris-Nord', day: 'Saturday' }, 'call_2'),
      ],
    }),
    toolRuns: {
      call_1: {
        status: 'done',
        arguments: { city: 'Paris', unit: 'celsius' },
        result: { temperature: 18, sky: 'light rain' },
        durationMs: 340,
      },
      call_2: { status: 'waiting-for-approval', arguments: { to: 'Paris-Nord', day: 'Saturday' } },
    },
  },
]

/** One call is done, the other waits for the reader. */
export const WaitingForTheReader: Story = {
  tags: apart,
  args: still(packing, { status: 'waiting-for-tools' }),
}

/** Beside the composer: what waits until the answer has ended. */
export const Queued: Story = {
  tags: apart,
  args: still([userMessage('Tell me about Paris.'), answer('Paris is', { status: 'streaming' })], {
    status: 'streaming',
    queue: ['And Oslo?', 'And what about the weather in both?'],
  }),
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getAllByRole('button', { name: 'Take back' })[0]!)
    await expect(canvas.getByRole('textbox', { name: 'Message' })).toHaveValue('And Oslo?')
  },
}

/** What a stop has held: it goes out when the reader says so. */
export const Held: Story = {
  tags: apart,
  args: still(
    [userMessage('Tell me about Paris.'), answer('Paris is', { status: 'stopped', finishReason: null })],
    {
      queue: ['And Oslo?', 'And what about the weather in both?'],
    },
  ),
}

/** An edit or a second answer stands beside the first; the picker goes between them. */
export const Versions: Story = {
  tags: apart,
  render: replayed({
    answers: [recording('text'), recording('markdown')],
    ask: 'What is the capital of France?',
  }),
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 5000 }))
    const picker = await canvas.findByRole('group', { name: 'Versions' }, { timeout: 5000 })
    await expect(picker).toHaveTextContent('2 / 2')
    await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 8000 })
    await userEvent.click(within(picker).getByRole('button', { name: 'Version before' }))
    await expect(await canvas.findByText(/Paris/)).toBeVisible()
  },
}

/** The button with the bars switches an answer to its tokens. */
export const TokenProbabilities: Story = {
  render: replayed({
    answers: [recording('prose-logprobs')],
    ask: 'Explain photosynthesis in two sentences.',
    options: { request: { model: 'smollm2-135m-instruct', logprobs: true, top_logprobs: 5 } },
  }),
  play: async ({ canvas }) => {
    await userEvent.click(
      await canvas.findByRole('button', { name: 'Show token probabilities' }, { timeout: 8000 }),
    )
    await expect(
      await canvas.findByRole('group', { name: 'Answer with token probabilities' }, { timeout: 5000 }),
    ).toBeVisible()
  },
}

/** Typed text is kept, the message is sent as a new version. */
export const EditInPlace: Story = {
  tags: apart,
  args: {
    chat: staticChat(stateOf(inRow([userMessage('What is the capital of Frnace?'), answer('Paris.')])), {
      edit: fn(async () => 'finished' as const),
    }),
  },
  play: async ({ args, canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Edit' }))
    const field = canvas.getByRole('textbox', { name: 'Edit the message' })
    await userEvent.clear(field)
    await userEvent.type(field, 'What is the capital of France?')
    await expect(args.chat?.actions.edit).not.toHaveBeenCalled()
  },
}

const paragraph =
  'A long answer is read from its start, so the thread lets the reader go as soon as the reader scrolls up. '

export const VeryLong: Story = {
  tags: apart,
  args: still(
    Array.from({ length: 30 }, (_, n) =>
      n % 2 === 0 ? userMessage(`Question ${n / 2 + 1}?`) : answer(paragraph.repeat(6)),
    ),
  ),
  play: async ({ canvas }) => {
    const log = canvas.getByRole('log')
    await waitFor(() => expect(log.scrollTop + log.clientHeight).toBeGreaterThan(log.scrollHeight - 4))
  },
}

export const RightToLeft: Story = {
  tags: apart,
  args: {
    ...still([
      userMessage('ما هي عاصمة فرنسا؟'),
      answer('عاصمة فرنسا هي **باريس**.\n\n- مدينة كبيرة\n- على نهر السين\n\n`const city = "Paris"`'),
    ]),
    dir: 'rtl',
    lang: 'ar',
    labels: { placeholder: 'اكتب رسالة…' },
  },
}

/** Below 900 px nothing is beside it; at 320 px nothing scrolls sideways. */
export const Phone: Story = {
  tags: apart,
  args: still(packing, { status: 'waiting-for-tools' }),
  globals: { viewport: { value: 'narrow' } },
  play: async ({ canvasElement }) => {
    const { scrollWidth, clientWidth } = canvasElement.ownerDocument.documentElement
    await expect(scrollWidth).toBe(clientWidth)
  },
}

export const Dark: Story = {
  tags: apart,
  args: still(packing, { status: 'waiting-for-tools' }),
  globals: { theme: 'dark' },
}
