import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createFrame } from './createFrame.ts'

const publish = vi.fn<() => void>()
let frames: (() => void)[] = []

function runFrame(): void {
  const due = frames
  frames = []
  for (const callback of due) callback()
}

beforeEach(() => {
  vi.useFakeTimers()
  frames = []
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback))
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => {
    frames[handle - 1] = () => {}
  })
})
afterEach(() => {
  publish.mockReset()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('publishes once a frame, however often it is asked', () => {
  const frame = createFrame(publish)
  for (let chunk = 0; chunk < 100; chunk++) frame.request()
  expect(publish).toHaveBeenCalledTimes(0)
  runFrame()
  expect(publish).toHaveBeenCalledTimes(1)
  runFrame()
  expect(publish).toHaveBeenCalledTimes(1)
  frame.request()
  runFrame()
  expect(publish).toHaveBeenCalledTimes(2)
})

it('publishes without a frame where none comes, as in a hidden tab', () => {
  const frame = createFrame(publish)
  frame.request()
  vi.advanceTimersByTime(249)
  expect(publish).toHaveBeenCalledTimes(0)
  vi.advanceTimersByTime(1)
  expect(publish).toHaveBeenCalledTimes(1)
  runFrame()
  expect(publish).toHaveBeenCalledTimes(1)
})

it('publishes 60 times a second where there are no frames at all', () => {
  vi.unstubAllGlobals()
  const frame = createFrame(publish)
  frame.request()
  frame.request()
  vi.advanceTimersByTime(16)
  expect(publish).toHaveBeenCalledTimes(1)
})

it('publishes nothing after it was cancelled', () => {
  const frame = createFrame(publish)
  frame.request()
  frame.cancel()
  runFrame()
  vi.runAllTimers()
  expect(publish).toHaveBeenCalledTimes(0)
})
