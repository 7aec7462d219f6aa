#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { endpointHeaders, endpointURL, type Endpoint } from '../stream/createClient.ts'
import { isObject, type JsonObject } from '../stream/plainValue.ts'
import { listModels } from '../stream/listModels.ts'
import type { ChatCompletionParams } from '../wire.ts'
import { formatLintReport, lintStream, type LintReport } from './lintStream.ts'

const usage = `candor-lint FILE…                         checks recorded answers (event streams or JSON)
candor-lint URL [--model ID] [--key KEY]  asks the server at URL (…/v1) a few short questions and checks its answers

  --json   prints one JSON object a line for each answer: name, ending, chunks, error, findings

Ends with 1 when an answer deviates from the Chat Completions protocol, with 2 when it could not be had.`

try {
  await run()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      key: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help || positionals.length === 0) {
    print(usage)
    process.exitCode = values.help ? 0 : 2
    return
  }
  for (const target of positionals) {
    const reports = /^https?:/i.test(target)
      ? await lintServer({ baseURL: target, apiKey: values.key }, values.model)
      : [[target, await lintFile(target)] as const]
    for (const [name, report] of reports) {
      print(values.json ? writeReport(report, name) : formatLintReport(report, name))
      if (report.findings.length > 0 || report.snapshot.error !== undefined) process.exitCode = 1
    }
  }
}

function writeReport({ snapshot, chunks, findings }: LintReport, name: string): string {
  return JSON.stringify({ name, ending: snapshot.ending, chunks, error: snapshot.error, findings })
}

function lintFile(path: string): Promise<LintReport> {
  const bytes = new Uint8Array(readFileSync(path))
  return lintStream(bytes, { request: readRequest(new TextDecoder().decode(bytes)) })
}

/** What was asked for, where a recording tells it. Of an answer alone it is taken that it came as it was asked for. */
function readRequest(text: string): Partial<ChatCompletionParams> {
  const told = /^: request: (\{.*)$/m.exec(text)?.[1]
  const whole = parseObject(told ?? text)
  if (whole === undefined) return {}
  const request = told === undefined ? whole['request'] : whole
  return { stream: false, ...(isObject(request) && isObject(request['body']) && request['body']) }
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

async function lintServer(
  endpoint: Endpoint,
  chosenModel: string | undefined,
): Promise<[name: string, report: LintReport][]> {
  const model = chosenModel ?? (await listModels(endpoint))[0]?.id ?? ''
  const question = {
    model,
    messages: [{ role: 'user' as const, content: 'Say hello in one short sentence.' }],
    max_tokens: 32,
  }
  const tools = [
    {
      type: 'function' as const,
      function: {
        name: 'get_weather',
        parameters: { type: 'object', properties: { city: { type: 'string' } } },
      },
    },
  ]
  const requests = [
    ['streamed', { ...question, stream: true }],
    ['streamed with usage', { ...question, stream: true, stream_options: { include_usage: true } }],
    ['whole', { ...question, stream: false }],
    ['two choices', { ...question, stream: true, n: 2 }],
    ['logprobs', { ...question, stream: true, logprobs: true, top_logprobs: 2 }],
    ['a tool call', { ...question, stream: true, tools, tool_choice: 'required' as const }],
  ] as const
  const reports: [string, LintReport][] = []
  for (const [name, request] of requests) {
    const headers = await endpointHeaders(endpoint)
    headers.set('content-type', 'application/json')
    const response = await fetch(endpointURL(endpoint, 'chat/completions'), {
      method: 'POST',
      headers,
      body: JSON.stringify(request),
    })
    reports.push([`${endpoint.baseURL} ${name}`, await lintStream(response, { request })])
  }
  return reports
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
