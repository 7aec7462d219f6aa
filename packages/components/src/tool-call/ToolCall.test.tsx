import type { ToolRun, ToolRunStatus } from '@candor/core'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { toolCall } from '../fixtures/messages.ts'
import { render, screen, within } from '../fixtures/render.ts'
import { defaultLabels } from '../labels.ts'
import { ToolCall } from './ToolCall.tsx'

const call = toolCall('get_weather', { city: 'Paris', unit: 'celsius' })
const card = (): HTMLElement => screen.getByRole('group', { name: 'get_weather' })
const statuses = Object.keys(defaultLabels.toolMark) as ToolRunStatus[]

function renderGrowing(source: string, value: unknown): ReturnType<typeof render> {
  return render(
    <ToolCall call={toolCall('search', source)} run={{ status: 'arguments-streaming', arguments: value }} />,
  )
}

describe('ToolCall', () => {
  it.each(statuses)('says by a mark and in words that it is %s', (status) => {
    render(<ToolCall call={call} run={{ status }} />)
    expect(card().dataset['status']).toBe(status)
    expect(within(card()).getByRole('img', { name: defaultLabels.toolMark[status] })).toBeTruthy()
  })

  it('has the gist of its arguments beside its name', () => {
    render(<ToolCall call={call} run={{ status: 'done', durationMs: 340 }} />)
    expect(screen.getByRole('button').textContent).toContain('get_weatherParis0.34 s')
  })

  it('shows arguments as they arrive, with the caret where the model is', () => {
    const { container } = renderGrowing('{"from":"OSL","to":"CD', { from: 'OSL', to: 'CD' })
    expect(container.querySelector('.candor-tool-call-rows')?.textContent).toBe('from"OSL"to"CD')
    expect(container.querySelectorAll('.candor-caret')).toHaveLength(1)
    const closed = renderGrowing('{"from":"OSL","to":"CDG"', { from: 'OSL', to: 'CDG' })
    expect(closed.container.querySelector('.candor-tool-call-rows')?.textContent).toBe('from"OSL"to"CDG"')
  })

  it('shows arguments that are no JSON as the model wrote them, and says so', () => {
    render(<ToolCall call={toolCall('get_weather', '{"city": Paris')} run={{ status: 'invalid' }} />)
    expect(screen.getByText('{"city": Paris')).toBeTruthy()
    expect(screen.getByText('not JSON')).toBeTruthy()
  })

  it('reads a result that is JSON as text', () => {
    render(<ToolCall call={call} run={{ status: 'done', result: '{"temperature":18}' }} />)
    expect(screen.getByText('{ "temperature": 18 }')).toBeTruthy()
  })

  it.each([0, '', false, null])('shows %j as a result, since it is one', (result) => {
    render(<ToolCall call={call} run={{ status: 'done', result }} />)
    expect(screen.getByText(JSON.stringify(result))).toBeTruthy()
  })

  it('asks before it runs, and reports the answer once', async () => {
    const onApprove = vi.fn<() => void>()
    const onDeny = vi.fn<(reason?: string) => void>()
    const run: ToolRun = { status: 'waiting-for-approval' }
    render(<ToolCall call={call} onApprove={onApprove} onDeny={onDeny} run={run} />)
    await userEvent.click(screen.getByRole('button', { name: 'Allow' }))
    expect(onApprove.mock.calls).toEqual([[]])
    await userEvent.click(screen.getByRole('button', { name: 'Deny' }))
    expect(onDeny.mock.calls).toEqual([[]])
  })

  it('asks nothing when nobody listens', () => {
    render(<ToolCall call={call} run={{ status: 'waiting-for-approval' }} />)
    expect(screen.queryByRole('button', { name: 'Allow' })).toBeNull()
  })

  it('takes a result from the reader: JSON as a value, anything else as text', async () => {
    const onResult = vi.fn<(result: unknown) => void>()
    render(<ToolCall call={call} onResult={onResult} run={{ status: 'waiting-for-result' }} />)
    const field = screen.getByRole('textbox')
    await userEvent.type(field, '18{Enter}')
    await userEvent.clear(field)
    await userEvent.type(field, 'sunny{Enter}')
    expect(onResult.mock.calls).toEqual([[18], ['sunny']])
  })

  it('tells how far it is', () => {
    render(
      <ToolCall
        call={call}
        run={{ status: 'running', progress: { fraction: 0.61, text: '14 of 23 carriers' } }}
      />,
    )
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('61')
    expect(screen.getByText('14 of 23 carriers')).toBeTruthy()
  })

  it('shows what went wrong, and the ways on that the app offers', async () => {
    const onRetry = vi.fn<() => void>()
    render(
      <ToolCall
        call={call}
        onRetry={onRetry}
        run={{ status: 'timed-out', errorText: 'No answer within 10 s.' }}
      />,
    )
    expect(screen.getByText('No answer within 10 s.')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(onRetry).toHaveBeenCalledTimes(1)
    expect(screen.queryByRole('button', { name: 'Edit arguments' })).toBeNull()
  })

  it('opens and closes', async () => {
    const onOpenChange = vi.fn<(open: boolean) => void>()
    render(<ToolCall call={call} onOpenChange={onOpenChange} run={{ status: 'denied' }} />)
    const head = screen.getByRole('button', { name: /get_weather/ })
    expect(head.getAttribute('aria-expanded')).toBe('false')
    await userEvent.click(head)
    expect(head.getAttribute('aria-expanded')).toBe('true')
    expect(onOpenChange.mock.calls).toEqual([[true]])
  })

  it('stays open when it ends, so that what is read does not jump', () => {
    const { rerender } = render(<ToolCall call={call} run={{ status: 'running' }} />)
    rerender(<ToolCall call={call} run={{ status: 'done', result: 1 }} />)
    expect(screen.getByRole('button').getAttribute('aria-expanded')).toBe('true')
  })

  it('shows a custom tool by its free text', () => {
    render(
      <ToolCall
        call={{ id: 'call_1', type: 'custom', custom: { name: 'run_sql', input: 'select 1' } }}
        run={{ status: 'done' }}
      />,
    )
    expect(screen.getAllByText('select 1').length).toBeGreaterThan(0)
    expect(screen.queryByText('not JSON')).toBeNull()
  })
})
