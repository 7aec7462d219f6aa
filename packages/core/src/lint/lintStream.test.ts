import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

import { chunk } from '../stream/quirkHarness.ts'
import { recordings } from '../testing/index.ts'
import { formatLintReport, lintStream } from './lintStream.ts'

const execFileLater = promisify(execFile)

/** A record with a choice that is not finished, as the specification has it. */
function delta(json: string, finishReason = 'null'): string {
  return chunk(`"choices":[{"index":0,"delta":${json},"finish_reason":${finishReason}}]`)
}

const role = delta('{"role":"assistant","content":"","refusal":null}')
const stop = `${delta('{}', '"stop"')}data: [DONE]\n\n`

/** The codes of what is found in records between a beginning and an end that are as they should be. */
async function codesOf(...records: string[]): Promise<string[]> {
  const { findings } = await lintStream(role + records.join('') + stop)
  return findings.map(({ code }) => code)
}

async function codesOfFinish(reason: string): Promise<string[]> {
  const { findings } = await lintStream(`${role}${delta('{}', reason)}data: [DONE]\n\n`)
  return findings.map(({ code }) => code)
}

function wholeAnswer(message: string): string {
  return `{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":${message},"logprobs":null,"finish_reason":"stop"}],"usage":{"total_tokens":1}}`
}

describe('lintStream', () => {
  it('finds nothing in an answer as the protocol says', async () => {
    const report = await lintStream(recordings.text)
    expect(report.findings).toEqual([])
    expect(report.snapshot.ending).toBe('finished')
    expect(formatLintReport(report, 'text.sse')).toBe(
      `text.sse: ${report.chunks} chunks, 1 choice, finished\n  as the protocol says`,
    )
    const calls =
      delta(
        '{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}',
      ) +
      delta('{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}') +
      delta('{"tool_calls":[{"index":1,"id":"b","type":"custom","custom":{"name":"g","input":""}}]}')
    const logprobs = `{"content":[{"token":"a","logprob":-1,"bytes":null,"top_logprobs":[]}],"refusal":null}`
    expect(
      await codesOf(
        calls,
        chunk(
          `"choices":[{"index":0,"delta":{"content":"a"},"logprobs":${logprobs},"finish_reason":null}],"usage":null`,
        ),
        delta('{}', '"tool_calls"'),
      ),
    ).toEqual(['finish-reason-repeated'])
  })

  it.each([
    ['id-missing', delta('{"content":"a"}').replace('"id":"c",', '')],
    ['id-missing', delta('{"content":"a"}').replace('"id":"c"', '"id":""')],
    ['created-missing', delta('{"content":"a"}').replace('"created":1', '"created":0')],
    ['created-changed', delta('{"content":"a"}').replace('"created":1', '"created":2')],
    ['model-missing', delta('{"content":"a"}').replace('"model":"m"', '"model":""')],
    ['model-changed', delta('{"content":"a"}').replace('"model":"m"', '"model":"n"')],
    ['object-wrong', delta('{"content":"a"}').replace('.chunk"', '"')],
    [
      'usage-beside-choices',
      chunk('"choices":[{"index":0,"delta":{},"finish_reason":null}],"usage":{"total_tokens":1}'),
    ],
    ['number-as-text', chunk('"choices":[],"usage":{"total_tokens":"1"}')],
    ['role-missing', chunk('"choices":[{"index":1,"delta":{"content":"a"},"finish_reason":"stop"}]')],
    ['role-repeated', delta('{"role":"assistant","content":"a"}')],
    ['finish-reason-absent', chunk('"choices":[{"index":0,"delta":{"content":"a"}}]')],
    ['tool-calls-empty', delta('{"content":"a","tool_calls":null}')],
    ['tool-calls-empty', delta('{"content":"a","tool_calls":[]}')],
    [
      'tool-call-index-not-counted',
      delta('{"tool_calls":[{"index":1,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}'),
    ],
    [
      'tool-call-head-repeated',
      delta(
        '{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}',
      ) + delta('{"tool_calls":[{"index":0,"type":"function","function":{"arguments":"{}"}}]}'),
    ],
    [
      'tool-call-id-empty',
      delta(
        '{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}',
      ) + delta('{"tool_calls":[{"index":0,"id":"","function":{"arguments":"{}"}}]}'),
    ],
    [
      'tool-call-arguments-missing',
      delta('{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f"}}]}'),
    ],
    [
      'function-call-beside-tool-calls',
      delta(
        '{"function_call":{"name":"f","arguments":""},"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}',
      ),
    ],
    [
      'logprobs-incomplete',
      chunk('"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[]},"finish_reason":null}]'),
    ],
    [
      'logprobs-incomplete',
      chunk(
        '"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":null}],"refusal":null},"finish_reason":null}]',
      ),
    ],
    ['wrong-kind', delta('{"tool_calls":{"index":0}}')],
    ['wrong-kind', delta('{"tool_calls":["f"]}')],
    ['wrong-kind', chunk('"choices":[["a"]]')],
    ['wrong-kind', chunk('"choices":[],"usage":5')],
    ['wrong-kind', delta('{"content":"a"}').replace('"id":"c"', '"id":7')],
  ])('%s: %s', async (code, records) => {
    expect(await codesOf(records)).toContain(code)
  })

  it('knows the reasons why a choice ends', async () => {
    expect(await codesOfFinish('"length"')).toEqual([])
    expect(await codesOfFinish('"eos"')).toEqual(['finish-reason-unknown'])
    expect(await codesOfFinish('"tool_calls"')).toEqual(['finish-reason-without-calls'])
  })

  it('checks a whole answer as one', async () => {
    const request = { stream: false }
    const whole = await lintStream(wholeAnswer('{"role":"assistant","content":"a","refusal":null}'), {
      request,
    })
    expect(whole.findings).toEqual([])
    expect(formatLintReport(whole, 'x')).toContain('x: 1 chunk, 1 choice, finished')
    const { findings } = await lintStream(wholeAnswer('{"role":"assistant","content":"a"}'), { request })
    expect(findings).toMatchObject([{ code: 'message-incomplete', place: 'message.refusal' }])
  })

  it('tells each deviation once, with the first chunk and how often, what is lost first', async () => {
    const body =
      delta('{"role":"assistant","content":"a"}', '""') +
      delta('{"content":"b"}', '""') +
      'data: {"broken\n\n' +
      stop
    const report = await lintStream(new TextEncoder().encode(body))
    const { findings, chunks } = report
    expect(chunks).toBe(3)
    expect(formatLintReport(report, 'x.sse')).toBe(
      [
        'x.sse: 3 chunks, 1 choice, finished',
        '  lost       malformed-chunk: A record is not JSON; what it said is missing from the answer. (first in chunk 1)',
        String.raw`             "{\"broken"`,
        '  repaired   finish-reason-empty: An unfinished choice has an empty finish_reason instead of null. (first in chunk 0, 2 times)',
      ].join('\n'),
    )
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
    expect((await lintStream(role + stop)).findings).toEqual([])
    expect((await lintStream(role + stop, { request: { stream: false } })).findings[0]?.code).toBe(
      'streamed-unasked',
    )
  })

  it('tells bytes that are no UTF-8, but not a U+FFFD that the server sent', async () => {
    const bytes = new TextEncoder().encode(role + delta('{"content":"\uFFFD?"}') + stop)
    expect((await lintStream(bytes)).findings).toEqual([])
    bytes[bytes.indexOf(63)] = 0xff
    expect((await lintStream(bytes)).findings).toMatchObject([{ severity: 'lost', code: 'invalid-utf8' }])
  })

  it('tells what was asked for and did not come', async () => {
    const request = { n: 2, logprobs: true, stream_options: { include_usage: true } }
    const { findings } = await lintStream(role + stop, { request })
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
        stdio: 'pipe',
      })
      return { code: 0, output }
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
      return { code: status, output: stdout + stderr }
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

  it('knows what was asked for from the recording, and takes it that JSON alone was asked for as such', () => {
    const folder = mkdtempSync(join(tmpdir(), 'candor-lint-'))
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const whole = wholeAnswer('{"role":"assistant","content":"a","refusal":null}')
    expect(run(write('whole.json', whole)).code).toBe(0)
    const asked = ': request: {"method":"POST","path":"/v1","body":{"stream":true,"n":2}}\n: status: 200\n\n'
    expect(run(write('recorded.sse', asked + whole)).output).toContain('not-streamed')
    expect(run(write('n.sse', asked + role + stop)).output).toContain('choices-fewer')
  })

  it('prints JSON where it is asked to, a line for each answer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'candor-lint-'))
    const bad = join(folder, 'bad.sse')
    writeFileSync(bad, role)
    const { code, output } = run('--json', bad, bad)
    expect(code).toBe(1)
    const [first, second, rest] = output.split('\n')
    expect(second).toBe(first)
    expect(rest).toBe('')
    expect(JSON.parse(first!)).toMatchObject({
      name: bad,
      ending: 'cut-off',
      chunks: 1,
      findings: [{ severity: 'ambiguous', code: 'finish-reason-missing' }],
    })
  })

  it('asks a server at an address, and checks what it answers to each question', async () => {
    const asked: { [field: string]: unknown }[] = []
    const server = createServer(async (request, response) => {
      if (request.url === '/v1/models') return response.end('{"data":[{"id":"parrot"}]}')
      if (request.headers.authorization !== 'Bearer right')
        return response.writeHead(401).end('{"error":"key"}')
      let body = ''
      for await (const piece of request) body += String(piece)
      asked.push(JSON.parse(body) as { [field: string]: unknown })
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).end(role + stop)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    const [right, wrong] = await Promise.all(
      ['right', 'wrong'].map((key) =>
        execFileLater(process.execPath, ['--conditions=@candor/source', command, url, '--key', key]).catch(
          (error: unknown) => error as { stdout: string; code: number },
        ),
      ),
    )
    server.close()
    server.closeAllConnections()
    expect(asked.map(({ model, stream, n = 1 }) => [model, stream, n])).toEqual([
      ['parrot', true, 1],
      ['parrot', true, 1],
      ['parrot', false, 1],
      ['parrot', true, 2],
      ['parrot', true, 1],
      ['parrot', true, 1],
    ])
    expect(right).toMatchObject({ code: 1 })
    const reports = right!.stdout.split(url).slice(1)
    expect(reports[0]).toBe(' streamed: 2 chunks, 1 choice, finished\n  as the protocol says\n')
    expect(reports[1]).toContain('usage-missing')
    expect(reports[2]).toContain('streamed-unasked')
    expect(reports[3]).toContain('choices-fewer')
    expect(reports[4]).toContain('logprobs-missing')
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('API key (401): key') as string })
  })

  it('says how it is used when it is asked, or used otherwise', () => {
    expect(run('--help')).toEqual({ code: 0, output: expect.stringContaining('candor-lint URL') as string })
    expect(run()).toEqual({ code: 2, output: expect.stringContaining('candor-lint FILE') as string })
    const { code, output } = run('--colour')
    expect(code).toBe(2)
    expect(output).toMatch(/^Unknown option '--colour'/)
  })
})
