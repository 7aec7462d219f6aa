import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

import { chunk, delta, stop } from '../stream/quirkHarness.ts'
import { recordings } from '../testing/index.ts'
import { formatLintReport, lintStream } from './lintStream.ts'

describe('lintStream', () => {
  it('finds nothing in an answer as the protocol says', async () => {
    const report = await lintStream(recordings.toolCall)
    expect(report.findings).toEqual([])
    expect(report.snapshot.ending).toBe('finished')
    expect(formatLintReport(report, 'tool-call.sse')).toBe(
      `tool-call.sse: ${report.chunks} chunks, 1 choice, finished\n  as the protocol says`,
    )
  })

  it('tells each deviation once, with the first chunk and how often, what is lost first', async () => {
    const body =
      delta('{"content":"a"}', ',"finish_reason":""') +
      delta('{"content":"b"}', ',"finish_reason":""') +
      'data: {"broken\n\n' +
      stop
    const { findings, chunks } = await lintStream(new TextEncoder().encode(body))
    expect(chunks).toBe(3)
    expect(findings).toEqual([
      {
        severity: 'lost',
        code: 'malformed-chunk',
        message: 'A record is not JSON; what it said is missing from the answer.',
        chunk: 1,
        count: 1,
        raw: '{"broken',
      },
      {
        severity: 'repaired',
        code: 'finish-reason-empty',
        message: 'An unfinished choice has an empty finish_reason instead of null.',
        chunk: 0,
        count: 2,
      },
    ])
  })

  it('knows what was asked for', async () => {
    const body =
      chunk('"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]') + stop.slice(-14)
    expect((await lintStream(body)).findings).toEqual([])
    expect((await lintStream(body, { request: { stream: false } })).findings[0]?.code).toBe(
      'streamed-unasked',
    )
  })

  it('tells bytes that are no UTF-8, but not a U+FFFD that the server sent', async () => {
    const bytes = new TextEncoder().encode(delta('{"content":"\uFFFD?"}') + stop)
    expect((await lintStream(bytes)).findings).toEqual([])
    bytes[bytes.indexOf(63)] = 0xff
    expect((await lintStream(bytes)).findings).toMatchObject([{ severity: 'lost', code: 'invalid-utf8' }])
  })

  it('tells what was asked for and did not come', async () => {
    const request = { n: 2, logprobs: true, stream_options: { include_usage: true } }
    const { findings } = await lintStream(delta('{"content":"Hi"}') + stop, { request })
    expect(findings.map(({ code }) => code)).toEqual(['choices-fewer', 'logprobs-missing', 'usage-missing'])
  })

  it('takes a live answer', async () => {
    expect((await lintStream(new Response(stop))).snapshot.ending).toBe('finished')
  })

  it('reports a failure instead of throwing', async () => {
    const report = await lintStream(recordings.error401Json)
    expect(report.snapshot.error).toMatchObject({ status: 401 })
    expect(formatLintReport(report, 'x')).toContain('did not accept the API key')
  })
})

describe('candor-lint', () => {
  const command = fileURLToPath(new URL('candorLint.ts', import.meta.url))

  function run(...given: string[]): { code: number; output: string } {
    try {
      const output = execFileSync(process.execPath, ['--conditions=@candor/source', command, ...given], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      return { code: 0, output }
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string }
      return { code: status, output: stdout }
    }
  }

  it('prints what it finds in files, and ends with 1 where it finds something', () => {
    const folder = mkdtempSync(join(tmpdir(), 'candor-lint-'))
    const good = join(folder, 'good.sse')
    const bad = join(folder, 'bad.sse')
    writeFileSync(good, recordings.text)
    writeFileSync(bad, delta('{"content":"Hi"}'))
    expect(run(good)).toEqual({ code: 0, output: expect.stringContaining('as the protocol says') as string })
    expect(run(good, bad)).toEqual({
      code: 1,
      output: expect.stringContaining('finish-reason-missing') as string,
    })
    expect(run(join(folder, 'none.sse')).code).toBe(2)
  })
})
