import { describe, expect, test } from 'vitest'

import { createTerminalStatus, describeProgress } from './createTerminalStatus.ts'
import type { EndpointStatus, ModelProgress } from './status.ts'

function output(options: { isTTY?: boolean; columns?: number } = {}): {
  written: () => string
  show: (status: EndpointStatus) => void
} {
  let text = ''
  const show = createTerminalStatus({ ...options, write: (more: string) => (text += more) })
  return { written: () => text, show }
}

function downloading(bytesDone: number): EndpointStatus {
  const progress = { step: 'downloading', what: 'Fetching', bytesDone, bytesTotal: 100e6 } as const
  return { state: 'preparing', kind: 'embedded', ...progress }
}

const ready: EndpointStatus = { state: 'ready', kind: 'embedded', model: 'small' }

describe('progress in words', () => {
  test.each<[Omit<ModelProgress, 'step' | 'what'>, string | undefined]>([
    [{}, undefined],
    [{ bytesDone: 0, bytesTotal: 127e6 }, '0 of 127 MB'],
    [
      { bytesDone: 41e6, bytesTotal: 127e6, bytesPerSecond: 12.34e6, secondsLeft: 6.2 },
      '41 of 127 MB, 12.3 MB/s, 7 s left',
    ],
    [
      { bytesDone: 1e6, bytesTotal: 127e6, bytesPerSecond: 3e5, secondsLeft: 420 },
      '1 of 127 MB, 0.3 MB/s, 7 min left',
    ],
  ])('%o', (progress, words) => {
    expect(describeProgress({ step: 'downloading', what: 'x', ...progress })).toBe(words)
  })
})

describe('on a terminal', () => {
  test('one line is rewritten, and gives way to the end', () => {
    const { written, show } = output({ isTTY: true, columns: 80 })
    show(downloading(50e6))
    expect(written()).toBe('\r\u001B[K  Fetching: 50 of 100 MB')
    show(ready)
    expect(written()).toContain('50 of 100 MB\r\u001B[K  small on llama.cpp is ready')
    expect(written().endsWith('\n')).toBe(true)
  })

  test('the line is never longer than the terminal is wide', () => {
    const { written, show } = output({ isTTY: true, columns: 12 })
    show(downloading(50e6))
    expect(written()).toBe('\r\u001B[K  Fetching:')
  })
})

describe('in a log', () => {
  test('a line for each step and each quarter', () => {
    const { written, show } = output()
    for (let megabytes = 0; megabytes <= 100; megabytes += 5) show(downloading(megabytes * 1e6))
    expect(written().split('\n')).toEqual([
      '  Fetching',
      '  Fetching: 25 of 100 MB',
      '  Fetching: 50 of 100 MB',
      '  Fetching: 75 of 100 MB',
      '  Fetching: 100 of 100 MB',
      '',
    ])
  })

  test('what failed, what to do, and the last words of what failed', () => {
    const { written, show } = output()
    const hint = 'Free some space and start again. '.repeat(5).trim()
    show({
      state: 'failed',
      kind: 'embedded',
      code: 'no-space',
      what: 'The disk is full.',
      hint,
      detail: 'one\ntwo',
    })
    expect(written()).toContain('  The disk is full.\n  Free some space')
    expect(written()).toContain('    one\n    two\n')
    expect(
      Math.max(
        ...written()
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThan(100)
  })
})
