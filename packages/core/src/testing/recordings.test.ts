import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { play } from '../stream/quirkHarness.ts'
import { cutBytes } from './cutBytes.ts'
import { recordingsModule } from './generateRecordings.ts'
import { joinBytes, readRecording } from './replayResponse.ts'
import * as recordings from './recordings/index.ts'

describe('recordings of the model server', () => {
  it('are the same in the module as in the files (else run pnpm --filter @candor/core recordings)', () => {
    const written = readFileSync(new URL('./recordings/index.ts', import.meta.url), 'utf8')
    expect(written === recordingsModule()).toBe(true)
  })

  it.each(Object.entries(recordings))('%s comes out the same in pieces of any size', async (_, text) => {
    const { status, headers, pieces } = readRecording(text)
    const body = joinBytes(pieces.map((piece) => piece.bytes))
    const whole = await play([body], {}, { status, headers })
    expect(whole.ending).not.toBe('open')
    expect(whole.ending === 'finished' || whole.error !== undefined).toBe(true)
    for (const size of [1, 7, 1000]) {
      const cut = await play(cutBytes(body, size), {}, { status, headers })
      expect(JSON.stringify([cut.completion, cut.reasoning, cut.error, cut.issues])).toBe(
        JSON.stringify([whole.completion, whole.reasoning, whole.error, whole.issues]),
      )
    }
  })
})
