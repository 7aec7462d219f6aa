import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { ChatCompletionParams } from '../wire.ts'
import { buildRequest, type ChatCompletionRequest } from './buildRequest.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import type { ExportTarget } from './exportedCall.ts'
import { azure } from './profiles/azure.ts'
import { openai } from './profiles/openai.ts'
import { vllm } from './profiles/vllm.ts'
import { serializeRequest } from './serializeRequest.ts'
import { toCurl } from './toCurl.ts'
import { toFetch } from './toFetch.ts'
import { toHar, toHarEntry } from './toHarEntry.ts'
import { toOpenAINode } from './toOpenAINode.ts'
import { toOpenAIPython } from './toOpenAIPython.ts'

// A request with everything that quoting can get wrong.
const params: ChatCompletionParams = {
  model: "gpt'4o",
  messages: [
    { role: 'system', content: 'Grüße "quoted" \'single\' `tick` $HOME ${x} \\ \n\t\u2028 👩‍🚀 </script> !!' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'EOF\nJSON\n' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"city":"Oslo\\n"}' } }],
    },
    { role: 'tool', tool_call_id: 'a', content: '{}' },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'f',
        parameters: JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"},"a-b":{}}}'),
      },
    },
  ],
  temperature: 0.1,
  max_completion_tokens: 1e6,
  logprobs: true,
  seed: '9223372036854775807',
  stop: null,
  store: false,
}

interface Received {
  url: string
  headers: IncomingHttpHeaders
  body: string
}

let server: Server
let origin: string
const received: Received[] = []
const completion = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      logprobs: null,
      message: { role: 'assistant', content: 'Hello', refusal: null },
    },
  ],
}
const chunk = {
  ...completion,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }],
}
const stubs = mkdtempSync(join(tmpdir(), 'candor-exporters-'))

beforeAll(async () => {
  // Stands for the package where it is not installed: it sends what it is given, as the package does.
  writeFileSync(
    join(stubs, 'openai.py'),
    `import json, urllib.parse, urllib.request

class OpenAI:
    def __init__(self, base_url=None, api_key=None, default_query={}, default_headers={}, azure_endpoint=None, api_version=None):
        query = dict(default_query)
        headers = {"Authorization": "Bearer " + api_key, **default_headers}
        if azure_endpoint:
            base_url, query, headers = azure_endpoint, {"api-version": api_version}, {"api-key": api_key, **default_headers}
        self.azure, self.base_url, self.query, self.headers = azure_endpoint, base_url, query, headers
        self.chat = self.completions = self

    def create(self, extra_body={}, **body):
        path = "/openai/deployments/" + urllib.parse.quote(body["model"]) if self.azure else ""
        url = self.base_url.rstrip("/") + path + "/chat/completions"
        if self.query:
            url += "?" + urllib.parse.urlencode(self.query)
        data = json.dumps({**body, **extra_body}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **self.headers}
        answer = urllib.request.urlopen(urllib.request.Request(url, data, headers)).read().decode()
        return Completion(answer) if not body.get("stream") else [Chunk()]

class Completion:
    def __init__(self, text): self.text = text
    def model_dump_json(self, indent): return self.text

class Chunk:
    def __init__(self): self.choices = [self]; self.delta = self; self.content = "Hello"

AzureOpenAI = OpenAI
`,
  )
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body })
      const isStream = /"stream"\s*:\s*true/.test(body)
      response.setHeader('content-type', isStream ? 'text/event-stream' : 'application/json')
      response.end(
        isStream ? `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n` : JSON.stringify(completion),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})

afterAll(async () => {
  rmSync(stubs, { recursive: true })
  await new Promise((resolve) => server.close(resolve))
})

/** Runs a program on code as printed, the key in its variable, and returns what it wrote and what the server received. */
async function run(
  command: string,
  args: string[],
  code: string,
): Promise<{ output: string; request: Received }> {
  received.length = 0
  const child = spawn(command, args, {
    // From here the `openai` package resolves.
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env.PATH,
      HOME: '/nowhere',
      OPENAI_API_KEY: 'k-1',
      API_KEY: 'k-1',
      AZURE_OPENAI_API_KEY: 'k-1',
      PYTHONPATH: stubs,
      PYTHONUTF8: '1',
    },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stdin.end(code)
  await new Promise((resolve) => child.on('close', resolve))
  const [request] = received
  if (!request) throw new Error(`Nothing was sent. The program said: ${output}`)
  return { output, request }
}

const LANGUAGES: {
  [name: string]: [
    print: (request: ChatCompletionRequest, target: ExportTarget) => string,
    command: string,
    args: string[],
  ]
} = {
  curl: [toCurl, 'sh', ['-s']],
  fetch: [toFetch, process.execPath, ['--input-type=module', '-']],
  'openai for Node': [toOpenAINode, process.execPath, ['--input-type=module', '-']],
  'openai for Python': [toOpenAIPython, 'python3', ['-']],
}

/** The value of a body, with the digits of its seed. */
function read(body: string): { value: unknown; seed: string | undefined } {
  return { value: JSON.parse(body), seed: /"seed":\s*(-?\d+)/.exec(body)?.[1] }
}

// Starting a program takes a second on a busy machine.
describe.each(Object.entries(LANGUAGES))(
  'as %s',
  { timeout: 30_000 },
  (_language, [print, command, args]) => {
    test('a request arrives as it is, key, digits, quotes and all', async () => {
      const request = buildRequest(params)
      const { output, request: sent } = await run(
        command,
        args,
        print(request, { profile: openai, baseURL: `${origin}/v1` }),
      )
      expect(sent.url).toBe('/v1/chat/completions')
      expect(sent.headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer k-1' })
      expect(read(sent.body)).toEqual(read(serializeRequest(request)))
      expect(read(sent.body).seed).toBe('9223372036854775807')
      expect(output).toContain('Hello')
    })

    test('a stream is written as it comes', async () => {
      const request = buildRequest({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true })
      const { output, request: sent } = await run(command, args, print(request, { baseURL: `${origin}/v1` }))
      expect(JSON.parse(sent.body)).toMatchObject({ stream: true })
      expect(output).toContain('Hello')
    })

    test('parameters of one server and further headers go along', async () => {
      const request = buildRequest(
        {
          model: 'm',
          messages: [{ role: 'user', content: 'Hi' }],
          top_k: 5,
          chat_template_kwargs: { enable_thinking: false },
        },
        { profile: vllm },
      )
      const target = {
        profile: vllm,
        baseURL: `${origin}/v1`,
        headers: { 'X-Title': "Ada's", Authorization: 'Bearer k-1' },
      }
      const { request: sent } = await run(command, args, print(request, target))
      expect(JSON.parse(sent.body)).toEqual(request)
      expect(sent.headers).toMatchObject({ 'x-title': "Ada's", authorization: 'Bearer k-1' })
    })

    test('a deployment of Azure is reached at its own path, with its own header', async () => {
      const request = buildRequest(
        { model: 'my gpt', messages: [{ role: 'user', content: 'Hi' }] },
        { profile: azure },
      )
      const { request: sent } = await run(command, args, print(request, { profile: azure, baseURL: origin }))
      expect(sent.url).toBe('/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21')
      expect(sent.headers).toMatchObject({ 'api-key': 'k-1' })
      expect(JSON.parse(sent.body)).toMatchObject({ messages: request.messages })
    })

    test('a server that wants its key elsewhere gets it there', async () => {
      const profile: EndpointProfile = { id: 'x', name: 'X', auth: { header: 'x-api-key', prefix: '' } }
      const request = buildRequest({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] })
      const { request: sent } = await run(
        command,
        args,
        print(request, { profile, baseURL: `${origin}/v1?tier=a%20b` }),
      )
      expect(sent.headers).toMatchObject({ 'x-api-key': 'k-1' })
      expect(new URLSearchParams(sent.url.split('?')[1]).get('tier')).toBe('a b')
    })

    test('keys never show, wherever they stand', async () => {
      const key = 'sk-live-1234567890'
      const request = buildRequest({
        model: 'm',
        messages: [{ role: 'user', content: `My "key" is ${key}, $keep \`it\` \\ safe` }],
        data_sources: [{ authentication: { key } }],
      })
      const printed = print(request, {
        baseURL: `${origin}/v1?api_key=${key}&x=1`,
        headers: { 'X-Auth-Token': key, Cookie: key, 'X-Trace': `a ${key}` },
        secrets: [key],
      })
      expect(printed).not.toContain(key)
      const { request: sent } = await run(command, args, printed)
      expect(JSON.parse(sent.body)).toEqual(JSON.parse(serializeRequest(request).replaceAll(key, 'k-1')))
      expect(sent.url).toContain('api_key=k-1')
      expect(sent.headers).toMatchObject({ 'x-auth-token': 'k-1', 'x-trace': 'a k-1' })
    })

    test('line ends of Windows, backticks and half characters arrive, also beside a key', async () => {
      const content = 'a\r\nb\n`c` ${d} $(e) \\ "f" \'g\' k-1$ \u2028'
      const request = buildRequest({ model: 'm', messages: [{ role: 'user', content }], seed: 7 })
      for (const secrets of [[], ['k-1']]) {
        const { request: sent } = await run(command, args, print(request, { baseURL: origin, secrets }))
        expect(JSON.parse(sent.body)).toEqual(request)
      }
    })

    test('a seed given as digits is a number with the same digits', async () => {
      const request = {
        model: 'm',
        messages: [{ role: 'user' as const, content: 'Hi' }],
        seed: '9223372036854775807',
        stream: false,
      }
      const { request: sent } = await run(command, args, print(request, { baseURL: origin }))
      expect(read(sent.body).seed).toBe('9223372036854775807')
    })

    test('a server without keys is not sent one', () => {
      const request = buildRequest({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] })
      const printed = print(request, { baseURL: origin, keyVariable: null })
      expect(printed).not.toMatch(/API_KEY/)
      expect(printed.includes('Authorization')).toBe(false)
    })
  },
)

describe('as HAR', () => {
  const request = buildRequest({ ...params, stream: true })
  const entry = toHarEntry(request, {
    profile: openai,
    startedAt: 0,
    answer: {
      status: 200,
      body: 'data: [DONE]\n\n',
      headers: { 'content-type': 'text/event-stream' },
      waitMs: 5,
      receiveMs: 7,
    },
  })

  test('the request has its exact bytes and no key', () => {
    expect(entry.request).toMatchObject({ method: 'POST', url: 'https://api.openai.com/v1/chat/completions' })
    expect(entry.request.postData.text).toBe(serializeRequest(request))
    expect(entry.request.bodySize).toBe(Buffer.byteLength(serializeRequest(request)))
    expect(entry.request.headers).toContainEqual({ name: 'Authorization', value: 'Bearer ${OPENAI_API_KEY}' })
  })

  test('the answer and its times stand beside it', () => {
    expect(entry).toMatchObject({
      startedDateTime: '1970-01-01T00:00:00.000Z',
      time: 12,
      response: { status: 200, content: { size: 14, mimeType: 'text/event-stream' } },
      timings: { wait: 5, receive: 7 },
    })
  })

  test('every field that HAR 1.2 requires is there', () => {
    const har = toHar([entry])
    expect(Object.keys(har.log)).toEqual(['version', 'creator', 'entries'])
    expect(Object.keys(entry.request).toSorted()).toEqual([
      'bodySize',
      'cookies',
      'headers',
      'headersSize',
      'httpVersion',
      'method',
      'postData',
      'queryString',
      'url',
    ])
    expect(Object.keys(entry.response).toSorted()).toEqual([
      'bodySize',
      'content',
      'cookies',
      'headers',
      'headersSize',
      'httpVersion',
      'redirectURL',
      'status',
      'statusText',
    ])
  })

  test('an entry without an answer and with Azure’s version in its address is whole', () => {
    const open = toHarEntry(request, { profile: azure, baseURL: 'https://contoso.openai.azure.com' })
    expect(open.request.queryString).toEqual([{ name: 'api-version', value: '2024-10-21' }])
    expect(open.request.headers).toContainEqual({ name: 'api-key', value: '${AZURE_OPENAI_API_KEY}' })
    expect(open.response).toMatchObject({ status: 0, content: { size: 0 } })
  })
})
