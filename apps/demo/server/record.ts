// `pnpm record [name …]`: asks the embedded model each case of recordingCases.ts and writes what came over the wire to
// packages/core/src/testing/recordings, for tests, stories and the benchmark.
//
// A streamed answer becomes an .sse file that any player of server-sent events can read: leading comments say where
// it is from, and before each record a comment says when it came (`: t=0.213`, seconds since the request was sent).
// An answer in one piece becomes a .json file: source, request, status, headers, body.

import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { embeddedModel } from './model/embeddedModel.ts'
import { startModelServer, type ModelServer } from './model/startModelServer.ts'
import { recordingCases, type RecordingCase } from './recordingCases.ts'

const folder = fileURLToPath(new URL('../../../packages/core/src/testing/recordings/', import.meta.url))

async function describeSource(): Promise<{ server: string; model: string; date: string }> {
  const requirements = await readFile(new URL('model/requirements/engine.txt', import.meta.url), 'utf8')
  const version = /xllamacpp==(\S+)/.exec(requirements)?.[1] ?? 'of unknown version'
  return {
    server: `llama.cpp's HTTP server (xllamacpp ${version}), 4 slots of 2048 tokens`,
    model: `${embeddedModel.name}, Q4_1`,
    date: new Date().toISOString().slice(0, 10),
  }
}

interface TimedText {
  text: string
  seconds: number
}

/** Cuts the bytes into records, each with its blank line, and the time at which its last byte came. */
async function readRecords(body: ReadableStream<Uint8Array>, startedAt: number): Promise<TimedText[]> {
  const decoder = new TextDecoder()
  const records: TimedText[] = []
  let pending = ''
  for await (const bytes of body) {
    const seconds = (performance.now() - startedAt) / 1000
    pending += decoder.decode(bytes, { stream: true })
    for (let end: number; (end = pending.indexOf('\n\n')) !== -1; pending = pending.slice(end + 2)) {
      records.push({ text: pending.slice(0, end + 2), seconds })
    }
  }
  if (pending) records.push({ text: pending, seconds: (performance.now() - startedAt) / 1000 })
  return records
}

const keptHeaders = ['content-type', 'server']

async function record(server: ModelServer, each: RecordingCase): Promise<string> {
  const source = await describeSource()
  const url = new URL(each.path ?? 'chat/completions', `${server.baseURL}/`)
  const startedAt = performance.now()
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${each.apiKey ?? server.apiKey}`,
    },
    body: JSON.stringify(each.body),
  })
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => (response.headers.has(name) ? [[name, response.headers.get(name)]] : [])),
  )
  const request = { method: 'POST', path: url.pathname, body: each.body }

  let raw: string
  if (response.headers.get('content-type')?.startsWith('text/event-stream') && response.body) {
    const records = await readRecords(response.body, startedAt)
    raw = records.map(({ text }) => text).join('')
    const lines = [
      `: ${each.shows}`,
      `: source: ${source.server}; ${source.model}; recorded ${source.date} with \`pnpm record ${each.name}\``,
      `: request: ${JSON.stringify(request)}`,
      `: status: ${response.status}`,
      ...Object.entries(headers).map(([name, value]) => `: ${name}: ${value}`),
      '',
      '',
    ]
    const timed = records.map(({ text, seconds }) => `: t=${seconds.toFixed(3)}\n${text}`).join('')
    await writeFile(join(folder, `${each.name}.sse`), lines.join('\n') + timed)
  } else {
    const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(3))
    raw = await response.text()
    const shortened = JSON.stringify(request).length > 4000 ? shorten(request) : request
    const body = parse(raw)
    const recording = {
      shows: each.shows,
      source,
      request: shortened,
      status: response.status,
      headers,
      seconds,
      body,
    }
    await writeFile(join(folder, `${each.name}.json`), `${JSON.stringify(recording, null, 2)}\n`)
  }

  if (response.status !== (each.status ?? 200)) return `status ${response.status}, not ${each.status ?? 200}`
  return raw.includes(each.ends) ? 'as wanted' : `without ${each.ends}: look at it before you keep it`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A request whose size is its point need not fill the recording. */
function shorten<T>(value: T): T {
  const shortened: T = JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'string' && each.length > 200
        ? `${each.slice(0, 60)}… (${each.length} characters)`
        : each,
    ),
  )
  return shortened
}

const names = process.argv.slice(2)
const unknown = names.filter((name) => !recordingCases.some((each) => each.name === name))
if (unknown.length > 0) {
  console.error(
    `No such recording: ${unknown.join(', ')}. There are: ${[...new Set(recordingCases.map(({ name }) => name))].join(', ')}.`,
  )
  process.exit(2)
}

await mkdir(folder, { recursive: true })
const server = await startModelServer({ source: { kind: 'embedded', llamaServer: undefined } })
try {
  for (const each of recordingCases) {
    if (names.length > 0 && !names.includes(each.name)) continue
    const kind = each.body['stream'] && !each.status ? 'sse' : 'json'
    console.log(`${each.name}.${kind}: ${await record(server, each)}`)
  }
} finally {
  await server.stop()
}
// The same recordings as a module, for what cannot read files.
await promisify(execFile)(process.execPath, [join(folder, '../generateRecordings.ts')])
