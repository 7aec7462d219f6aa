#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { endpointHeaders, endpointURL, type Endpoint } from '../stream/createClient.ts'
import { listModels } from '../stream/listModels.ts'
import { formatLintReport, lintStream, type LintReport } from './lintStream.ts'

const usage = `candor-lint FILE…                     checks recorded answers (event streams or JSON)
candor-lint URL [--model ID] [--key KEY]
                                       asks the server at URL (…/v1) a few short questions and checks its answers

Ends with 1 when an answer deviates from the Chat Completions protocol, with 2 when it could not be had.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
})

if (values.help || positionals.length === 0) {
  print(usage)
  process.exitCode = values.help ? 0 : 2
} else {
  try {
    for (const target of positionals) {
      const reports = /^https?:/i.test(target)
        ? await lintServer(target)
        : [[target, await lintFile(target)] as const]
      for (const [name, report] of reports) {
        print(formatLintReport(report, name))
        if (report.findings.length > 0 || report.snapshot.error !== undefined) process.exitCode = 1
      }
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}

function lintFile(path: string): Promise<LintReport> {
  return lintStream(new Uint8Array(readFileSync(path)))
}

async function lintServer(baseURL: string): Promise<[name: string, report: LintReport][]> {
  const endpoint: Endpoint = { baseURL, apiKey: values.key }
  const model = values.model ?? (await listModels(endpoint))[0]?.id ?? ''
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
    reports.push([`${baseURL} ${name}`, await lintStream(response, { request })])
  }
  return reports
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
