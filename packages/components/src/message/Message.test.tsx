import type { ChatUserMessage } from '@candor/core'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { answer, toolCall, toolMessage, userMessage, withFields } from '../fixtures/messages.ts'
import { ignoreComplaints, render, screen, within } from '../fixtures/render.ts'
import { LabelsProvider } from '../LabelsProvider.tsx'
import { BranchPicker } from './BranchPicker.tsx'
import { Message } from './Message.tsx'
import { MessageFacts } from './MessageFacts.tsx'
import { Reasoning } from './Reasoning.tsx'

function imageMessage(url: string): ChatUserMessage {
  return userMessage([{ type: 'image_url', image_url: { url } }])
}

describe('Message', () => {
  it('shows what the user wrote as it is, not as Markdown', () => {
    render(<Message message={userMessage('**not bold**\n<b>not html</b>')} />)
    expect(screen.getByRole('article', { name: 'You' }).textContent).toBe('**not bold**\n<b>not html</b>')
  })

  it('shows an answer as Markdown once its renderer is there, and as plain text until then', async () => {
    const { container } = render(<Message message={answer('Some **bold** words')} />)
    expect(container.textContent).toBe('Some **bold** words')
    expect((await screen.findByText('bold')).tagName).toBe('STRONG')
  })

  it('says that it waits for the first token', () => {
    render(<Message message={answer(null, { status: 'submitted' })} />)
    expect(screen.getByTitle('Waiting for the first token')).toBeTruthy()
  })

  it('holds calls that were asked for at once together', () => {
    const calls = [toolCall('get_weather', { city: 'Paris' }, 'a'), toolCall('get_time', {}, 'b')]
    render(<Message message={withFields(answer('Let me look.'), { tool_calls: calls })} />)
    const group = screen.getByRole('group', { name: '2 tool calls' })
    expect(
      within(group)
        .getAllByRole('group')
        .map((card) => card.getAttribute('aria-label')),
    ).toEqual(expect.arrayContaining(['get_weather', 'get_time']))
  })

  it('shows a refusal as one', () => {
    render(<Message message={withFields(answer(null), { refusal: 'I cannot do that.' })} />)
    expect(screen.getByText('The model declined.')).toBeTruthy()
    expect(screen.getByText('I cannot do that.')).toBeTruthy()
  })

  it('lets an app draw a kind of part itself', () => {
    render(
      <Message
        message={withFields(answer('Words'), { mood: 'calm' })}
        renderers={{ unknown: ({ name, value }) => <em>{`${name}: ${String(value)}`}</em> }}
      />,
    )
    expect(screen.getByText('mood: calm')).toBeTruthy()
  })

  it('renders the part that grows again, and no other', () => {
    const calls = [toolCall('get_weather', { city: 'Paris' }, 'a'), toolCall('get_time', {}, 'b')]
    const message = withFields(answer('So', { status: 'streaming', reasoning: 'Hm.' }), { tool_calls: calls })
    const rendered: string[] = []
    const draw = ({ type }: { type: string }): string => {
      rendered.push(type)
      return type
    }
    const renderers = { text: draw, reasoning: draw, 'tool-call': draw }
    const { rerender } = render(<Message message={message} renderers={renderers} />)
    expect(rendered).toEqual(['reasoning', 'text', 'tool-call', 'tool-call'])
    for (const content of ['So it', 'So it is']) {
      const { choice } = message
      const grown = { ...message, choice: { ...choice, message: { ...choice.message, content } } }
      rerender(<Message message={grown} renderers={renderers} />)
    }
    expect(rendered.slice(4)).toEqual(['text', 'text'])
  })

  it('loads an attached picture only when it is here already', () => {
    const url = 'data:image/png;base64,AAAA'
    const { rerender } = render(<Message message={imageMessage(url)} />)
    expect(screen.getByRole('img', { name: 'Attached image' }).getAttribute('src')).toBe(url)
    rerender(<Message message={imageMessage('https://example.com/cat.png')} />)
    expect(screen.queryByRole('img', { name: 'Attached image' })).toBeNull()
    expect(screen.getByRole('link').getAttribute('href')).toBe('https://example.com/cat.png')
  })

  it('leads to no source that is not on the web', () => {
    const annotations = [
      { type: 'url_citation', url_citation: { url: 'https://example.com/a', title: 'A' } },
      { type: 'url_citation', url_citation: { url: 'javascript:alert(1)', title: 'B' } },
    ]
    render(<Message message={withFields(answer('Words'), { annotations })} />)
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['A'])
    expect(screen.getByText('B')).toBeTruthy()
  })

  it('shows the result of a tool by itself where there is no card for it', () => {
    render(<Message message={toolMessage('call_1', '{"a":1}')} />)
    expect(screen.getByRole('article', { name: 'Result of a tool' }).textContent).toBe('{"a":1}')
  })

  it('speaks the words of the nearest provider', () => {
    render(
      <LabelsProvider labels={{ you: 'Du' }}>
        <Message message={userMessage('Hallo')} />
      </LabelsProvider>,
    )
    expect(screen.getByRole('article', { name: 'Du' })).toBeTruthy()
  })

  it('tells a developer what a part outside of it lacks', () => {
    expect(() => render(<Message.Parts />)).toThrow('outside <Message.Root>')
    ignoreComplaints()
  })
})

describe('Reasoning', () => {
  it('is closed until asked for, and then stays open while it grows', async () => {
    const { rerender } = render(<Reasoning streaming text="Hm" />)
    const trigger = screen.getByRole('button', { name: 'Thinking…' })
    expect(trigger.getAttribute('aria-expanded')).toBe('false')
    await userEvent.click(trigger)
    rerender(<Reasoning streaming text="Hm, so" />)
    expect(screen.getByText('Hm, so').hidden).toBe(false)
  })

  it('measures how long the model thought, where it was there', () => {
    const { rerender } = render(<Reasoning streaming text="Hm" />)
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2100)
    rerender(<Reasoning text="Hm" />)
    expect(screen.getByRole('button', { name: /^Thought for 2\.\d s$/ })).toBeTruthy()
  })

  it('says how long the model thought, when that is known', () => {
    render(<Reasoning durationMs={2100} text="Hm" />)
    expect(screen.getByRole('button', { name: 'Thought for 2.1 s' })).toBeTruthy()
  })
})

describe('MessageFacts', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 31, total_tokens: 40 }

  it('has its facts always in the same order', () => {
    const { container } = render(<MessageFacts message={answer('x', { usage, seed: '7' })} />)
    expect(container.textContent).toBe('stopttft 0.21 s94 tok/s31 tokensseed 7')
  })

  it('leaves open how many tokens it will be', () => {
    const { container } = render(<MessageFacts message={answer('x', { usage, status: 'streaming' })} />)
    expect(container.textContent).toContain('31 tokens…')
    expect(container.textContent).not.toContain('stop')
  })

  it('is no empty list before the first of them is known', () => {
    const { container } = render(
      <MessageFacts
        message={answer(null, { status: 'submitted', finishReason: null, timings: { startedAt: 0 } })}
      />,
    )
    expect(container.firstChild).toBeNull()
  })

  it('says how it ended where the server did not', () => {
    const { container } = render(
      <MessageFacts message={answer('x', { status: 'stopped', finishReason: null })} />,
    )
    expect(container.textContent).toContain('stopped')
  })
})

describe('BranchPicker', () => {
  it('goes from version to version and no further', async () => {
    const onSelect = vi.fn<(index: number) => void>()
    render(<BranchPicker count={3} index={2} onSelect={onSelect} />)
    expect(screen.getByRole('group', { name: 'Versions' }).textContent).toBe('3 / 3')
    const next = screen.getByRole('button', { name: 'Next version' })
    expect(next.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(next)
    await userEvent.click(screen.getByRole('button', { name: 'Version before' }))
    expect(onSelect.mock.calls).toEqual([[1]])
  })

  it('is not there for a single version', () => {
    const { container } = render(<BranchPicker count={1} index={0} onSelect={() => undefined} />)
    expect(container.textContent).toBe('')
  })
})
