import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { MORE_PROMPTS, PROMPTS } from '../../src/prompts.ts'
import { ensureModel } from './ensureModel.ts'
import { isAlive } from './installLock.ts'
import { startModelServer, type ModelServer } from './startModelServer.ts'

// The first start fetches the model.
const startTimeout = 300_000
vi.setConfig({ testTimeout: 60_000, hookTimeout: startTimeout })

let server: ModelServer
beforeAll(async () => {
  server = await startModelServer({ source: { kind: 'embedded', llamaServer: undefined } })
})
afterAll(() => server?.stop())

interface Answer {
  choices: Array<{
    finish_reason: string
    message: { content: string; tool_calls?: Array<{ function: { name: string; arguments: string } }> }
  }>
}

async function ask(body: object, key = server.apiKey): Promise<Response> {
  return fetch(`${server.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ temperature: 0, max_tokens: 256, ...body }),
  })
}

async function answer(content: string, more: object = {}): Promise<Answer['choices'][number]> {
  const { choices }: Answer = await (await ask({ messages: [{ role: 'user', content }], ...more })).json()
  return choices[0]!
}

function tool(name: string, properties: Record<string, object>): object {
  const parameters = { type: 'object', properties, required: Object.keys(properties) }
  return { type: 'function', function: { name, description: name.replace('_', ' '), parameters } }
}

const tools = [
  tool('get_weather', {
    city: { type: 'string' },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
  }),
  tool('roll_dice', { sides: { type: 'integer' } }),
]
const calling = { tools, tool_choice: 'required', parallel_tool_calls: false }

const [mountain, weather, , person] = PROMPTS

describe('the embedded model', () => {
  test('knows the tallest mountain', async () => {
    expect(await answer(mountain!.text)).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('Everest') },
    })
  })

  test('calls the tool that fits, with arguments that fit', async () => {
    const { finish_reason, message } = await answer(weather!.text, calling)
    expect(finish_reason).toBe('tool_calls')
    const [call] = message.tool_calls!
    expect(call!.function.name).toBe('get_weather')
    expect(JSON.parse(call!.function.arguments)).toMatchObject({ city: 'Paris' })
  })

  test('says what a result says', async () => {
    const call = {
      id: '1',
      type: 'function',
      function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
    }
    const messages = [
      { role: 'user', content: weather!.text },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: '1', content: '{"temperature":18,"sky":"light rain"}' },
    ]
    const { choices }: Answer = await (await ask({ messages, tools, tool_choice: 'none' })).json()
    expect(choices[0]!.message.content).toContain('rain')
  })

  test('writes JSON of a schema', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
      additionalProperties: false,
    }
    const response_format = { type: 'json_schema', json_schema: { name: 'person', strict: true, schema } }
    const { message } = await answer(person!.text, { response_format })
    expect(JSON.parse(message.content)).toEqual({ name: expect.stringContaining('Bob'), age: 30 })
  })

  test.each(MORE_PROMPTS.map(({ text, settings }) => [text, settings] as const))(
    'comes to an end of its own with: %s',
    async (text, settings) => {
      const { finish_reason } = await answer(text, settings.tools ? calling : {})
      expect(finish_reason).toBe(settings.tools ? 'tool_calls' : 'stop')
    },
  )
})

describe('its server', () => {
  test('listens on loopback, and answers to the key of this run alone', async () => {
    expect(new URL(server.baseURL).hostname).toBe('127.0.0.1')
    expect((await ask({ messages: [] }, 'another')).status).toBe(401)
    expect((await fetch(`${server.baseURL}/models`)).status).toBe(401)
  })

  test('shows no page of its own, and lets no other origin in', async () => {
    const headers = { origin: 'http://evil.test', authorization: `Bearer ${server.apiKey}` }
    const response = await fetch(`${server.baseURL}/models`, { headers })
    expect(response.headers.get('access-control-allow-origin')).not.toBe('*')
    expect(response.headers.get('access-control-allow-origin')).not.toBe('http://evil.test')
    expect((await fetch(new URL('/', server.baseURL))).headers.get('content-type') ?? '').not.toContain(
      'text/html',
    )
  })

  test('holds four conversations at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => answer(mountain!.text)))
    expect(answers.map(({ finish_reason }) => finish_reason)).toEqual(['stop', 'stop', 'stop', 'stop'])
  })

  test('ends in the middle of an answer, and the reader sees that it was cut off', async () => {
    const other = await startModelServer({ source: { kind: 'embedded', llamaServer: undefined } })
    const response = await fetch(`${other.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.apiKey}` },
      body: JSON.stringify({
        stream: true,
        max_tokens: 1500,
        messages: [{ role: 'user', content: 'Count on and on.' }],
      }),
    })
    const reader = response.body!.getReader()
    await reader.read()
    await other.stop()
    expect((await other.exited).expected).toBe(true)
    expect(isAlive(other.pid!)).toBe(false)
    const drain = async (): Promise<void> => {
      while (!(await reader.read()).done);
    }
    await expect(drain()).rejects.toThrow('terminated')
  })

  test('ends when the process that started it is killed', async () => {
    const module = fileURLToPath(new URL('startModelServer.ts', import.meta.url))
    const script = `
      import { startModelServer } from ${JSON.stringify(module)}
      const { pid } = await startModelServer({ source: { kind: 'embedded' } })
      console.log(pid)`
    const args = ['--input-type=module-typescript', '-e', script]
    const starter = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [printed] = (await once(starter.stdout, 'data')) as [Buffer]
    const pid = Number(printed.toString())
    expect(isAlive(pid)).toBe(true)
    starter.kill('SIGKILL')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000)
  })

  test('says of a model file that is cut off that it is', async () => {
    const { file } = await ensureModel()
    const folder = await mkdtemp(join(tmpdir(), 'candor-model-'))
    const cut = join(folder, 'cut.gguf')
    await copyFile(file!, cut)
    await truncate(cut, 50_000_000)
    const start = startModelServer({
      source: { kind: 'gguf', file: cut, modelId: 'x', llamaServer: undefined },
    })
    await expect(start).rejects.toMatchObject({
      code: 'file-damaged',
      message: expect.stringContaining('cut off'),
    })
    await rm(folder, { recursive: true })
  })
})
