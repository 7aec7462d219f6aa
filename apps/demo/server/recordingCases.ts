// What `pnpm record` asks the model, one case for each kind of answer that tests, stories and the benchmark need.
// Temperature 0 unless a case needs chance, then a fixed seed. `ends` is what makes a recording worth keeping: on
// another processor the same seed may lead elsewhere, and the recorder says so.

export interface RecordingCase {
  /** File name without its ending: `.sse` when streamed, `.json` otherwise. */
  name: string
  /** What this recording is for, in one line. */
  shows: string
  body: Record<string, unknown>
  /** Under the server's base URL. @default 'chat/completions' */
  path?: string
  /** Sent instead of the key of the run. */
  apiKey?: string
  status?: number
  /** Appears in the answer's raw text. */
  ends: string
}

const paris = [{ role: 'user', content: 'What is the capital of France?' }]
const stream = { stream: true, stream_options: { include_usage: true } }

const getWeather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get the current weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['city', 'unit'],
    },
  },
}
const rollDice = {
  type: 'function',
  function: {
    name: 'roll_dice',
    description: 'Roll dice and get the number',
    parameters: { type: 'object', properties: { sides: { type: 'integer' } }, required: ['sides'] },
  },
}
const oneCall = {
  tools: [getWeather, rollDice],
  tool_choice: 'required',
  parallel_tool_calls: false,
  max_tokens: 80,
}
const afterResult = { tools: [getWeather, rollDice], tool_choice: 'none', max_tokens: 80 }

const person = {
  type: 'json_schema',
  json_schema: {
    name: 'person',
    strict: true,
    schema: {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
      additionalProperties: false,
    },
  },
}

function asks(content: string): { messages: Array<{ role: string; content: string }> } {
  return { messages: [{ role: 'user', content }] }
}

/** With the plainest instruction, under which the model says more than under the template's own. */
function asksPlainly(content: string): { messages: Array<{ role: string; content: string }> } {
  return {
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content },
    ],
  }
}

function afterCall(question: string, name: string, args: string, result: string): { messages: unknown[] } {
  const call = { id: 'call_1', type: 'function', function: { name, arguments: args } }
  return {
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: result },
    ],
  }
}

export const recordingCases: RecordingCase[] = [
  {
    name: 'text',
    shows: 'a short answer',
    body: { messages: paris, temperature: 0, ...stream },
    ends: '"finish_reason":"stop"',
  },
  { name: 'text', shows: 'the same, whole', body: { messages: paris, temperature: 0 }, ends: '"stop"' },
  {
    name: 'text-logprobs',
    shows: 'a short answer with five alternatives for each token',
    body: { messages: paris, temperature: 0, logprobs: true, top_logprobs: 5, ...stream },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'text-logprobs',
    shows: 'the same, whole: the last entry is the end-of-sequence token, empty',
    body: { messages: paris, temperature: 0, logprobs: true, top_logprobs: 5 },
    ends: '"token":""',
  },
  {
    name: 'doubt-logprobs',
    shows: 'an answer that is wrong, and whose figures show the doubt',
    body: {
      ...asksPlainly('What is the largest planet in our solar system?'),
      temperature: 0,
      max_tokens: 60,
      logprobs: true,
      top_logprobs: 5,
      ...stream,
    },
    ends: 'Neptune',
  },
  {
    name: 'markdown',
    shows: 'a list with bold words, of some length',
    body: {
      ...asksPlainly('Give me three tips for sleeping well.'),
      temperature: 0,
      max_tokens: 300,
      ...stream,
    },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'code',
    shows: 'fenced code blocks between paragraphs',
    body: {
      ...asksPlainly('Write a JavaScript function that reverses a string.'),
      temperature: 0,
      max_tokens: 300,
      ...stream,
    },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'prose-logprobs',
    shows: 'two sentences with five alternatives for each token',
    body: {
      ...asksPlainly('Explain photosynthesis in two sentences.'),
      temperature: 0,
      max_tokens: 100,
      logprobs: true,
      top_logprobs: 5,
      ...stream,
    },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'tool-call',
    shows: 'a call, its arguments in pieces',
    body: { ...asks('What is the weather in Paris?'), temperature: 0, ...oneCall, ...stream },
    ends: '"finish_reason":"tool_calls"',
  },
  {
    name: 'tool-call',
    shows: 'the same, whole',
    body: { ...asks('What is the weather in Paris?'), temperature: 0, ...oneCall },
    ends: '"tool_calls"',
  },
  {
    name: 'tool-call-logprobs',
    shows: 'a call with logprobs, whole: the entries are the tokens of name and arguments',
    body: {
      ...asks('What is the weather in Paris?'),
      temperature: 0,
      ...oneCall,
      logprobs: true,
      top_logprobs: 2,
    },
    ends: '"tool_calls"',
  },
  {
    name: 'tool-call-failing',
    shows: 'a call of the tool that fails in the demo',
    body: { ...asks('Roll dice with 6 sides.'), temperature: 0, ...oneCall, ...stream },
    ends: 'roll_dice',
  },
  {
    name: 'tool-calls-parallel',
    shows: 'two calls in one answer',
    body: {
      ...asksPlainly('What is the weather in Paris and in London?'),
      tools: [getWeather],
      tool_choice: 'required',
      parallel_tool_calls: true,
      temperature: 0.2,
      seed: 7,
      max_tokens: 130,
      ...stream,
    },
    ends: '"index":1',
  },
  {
    name: 'tool-call-cut',
    shows: 'arguments that end in the middle, finish_reason length',
    body: { ...asks('What is the weather in Paris?'), temperature: 0, ...oneCall, max_tokens: 14, ...stream },
    ends: '"finish_reason":"length"',
  },
  {
    name: 'tool-result',
    shows: "the answer after a tool's result",
    body: {
      ...afterCall(
        'What is the weather in Paris?',
        'get_weather',
        '{"city":"Paris","unit":"celsius"}',
        '{"temperature":18,"sky":"light rain"}',
      ),
      temperature: 0,
      ...afterResult,
      ...stream,
    },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'tool-result-failed',
    shows: 'the answer after a tool that failed',
    body: {
      ...afterCall(
        'Roll dice with 6 sides.',
        'roll_dice',
        '{"sides":6}',
        'The tool failed: the dice fell off the table',
      ),
      temperature: 0,
      ...afterResult,
      ...stream,
    },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'json-mode',
    shows: 'response_format json_object',
    body: {
      ...asks('Describe Bob, 30, as JSON with the keys name and age only.'),
      response_format: { type: 'json_object' },
      temperature: 0,
      max_tokens: 80,
      ...stream,
    },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'json-schema',
    shows: 'response_format json_schema with logprobs: the grammar overrides what the model likes best',
    body: {
      ...asks('Describe Bob, 30, as JSON.'),
      response_format: person,
      temperature: 0,
      max_tokens: 80,
      logprobs: true,
      top_logprobs: 5,
      ...stream,
    },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'json-schema',
    shows: 'the same, whole, without logprobs',
    body: { ...asks('Describe Bob, 30, as JSON.'), response_format: person, temperature: 0, max_tokens: 80 },
    ends: '"stop"',
  },
  {
    name: 'stop-sequence',
    shows: 'an answer ended by a stop sequence, which is not part of it',
    body: {
      ...asksPlainly('Count from 1 to 10, separated by commas.'),
      temperature: 0,
      stop: [', 6'],
      max_tokens: 60,
      ...stream,
    },
    ends: '"finish_reason":"stop"',
  },
  {
    name: 'length-cut',
    shows: 'an answer cut off by max_tokens',
    body: { ...asks('Why is the sky blue?'), temperature: 0, max_tokens: 16, ...stream },
    ends: '"finish_reason":"length"',
  },
  {
    name: 'choices',
    shows: 'three choices, interleaved, with a usage chunk for each',
    body: {
      ...asksPlainly('What is the largest planet in our solar system?'),
      n: 3,
      temperature: 0.8,
      seed: 2,
      max_tokens: 32,
      ...stream,
    },
    ends: '"index":2',
  },
  {
    name: 'choices-logprobs',
    shows: 'two choices with two alternatives for each token',
    body: {
      ...asksPlainly('What is the largest planet in our solar system?'),
      n: 2,
      temperature: 0.8,
      seed: 2,
      max_tokens: 24,
      logprobs: true,
      top_logprobs: 2,
      ...stream,
    },
    ends: '"index":1',
  },
  {
    name: 'choices',
    shows: 'three choices, whole: usage counts the first alone',
    body: {
      ...asksPlainly('What is the largest planet in our solar system?'),
      n: 3,
      temperature: 0.8,
      seed: 2,
      max_tokens: 24,
    },
    ends: '"index":2',
  },
  {
    name: 'unicode-logprobs',
    shows: 'Chinese and emoji: characters of several tokens, whose bytes are in the logprobs',
    body: {
      ...asksPlainly('Repeat after me: 你好，世界 👋🌍'),
      temperature: 0,
      max_tokens: 24,
      logprobs: true,
      top_logprobs: 2,
      ...stream,
    },
    ends: '世',
  },
  {
    name: 'unicode-joined-logprobs',
    shows: 'joined emoji and flags: one sign on the screen, many tokens',
    body: {
      ...asksPlainly('Repeat this: 你好世界 👩‍👩‍👧 🇫🇷'),
      temperature: 0,
      max_tokens: 26,
      logprobs: true,
      top_logprobs: 2,
      ...stream,
    },
    ends: '你',
  },
  {
    name: 'prefill',
    shows: 'a trailing assistant message, streamed: it is not repeated',
    body: {
      messages: [...paris, { role: 'assistant', content: 'The capital city is' }],
      temperature: 0,
      max_tokens: 24,
      ...stream,
    },
    ends: '"finish_reason"',
  },
  {
    name: 'prefill',
    shows: 'the same, whole: content begins with the prefill, logprobs after it',
    body: {
      messages: [...paris, { role: 'assistant', content: 'The capital city is' }],
      temperature: 0,
      max_tokens: 24,
      logprobs: true,
      top_logprobs: 2,
    },
    ends: 'The capital city is',
  },
  {
    name: 'error-in-stream',
    shows: 'words where the format asks for a call: an error frame after the stream has begun',
    body: {
      ...asks('What is the capital of France?'),
      tools: [getWeather, rollDice],
      tool_choice: 'auto',
      temperature: 0,
      max_tokens: 40,
      ...stream,
    },
    ends: '"error"',
  },
  {
    name: 'error-401',
    shows: 'a wrong key',
    body: { messages: paris },
    apiKey: 'wrong',
    status: 401,
    ends: 'authentication_error',
  },
  {
    name: 'error-400-too-long',
    shows: 'more tokens than the context holds',
    body: { ...asks('word '.repeat(2200)), ...stream },
    status: 400,
    ends: 'exceed_context_size_error',
  },
  {
    name: 'error-400-logprobs-tools-stream',
    shows: 'a combination that the server refuses',
    body: {
      ...asks('What is the weather in Paris?'),
      ...oneCall,
      logprobs: true,
      top_logprobs: 5,
      ...stream,
    },
    status: 400,
    ends: 'not supported',
  },
  {
    name: 'error-500-format',
    shows: 'words where the format asks for a call, whole',
    body: {
      ...asks('What is the capital of France?'),
      tools: [getWeather, rollDice],
      tool_choice: 'auto',
      temperature: 0,
      max_tokens: 40,
    },
    status: 500,
    ends: 'server_error',
  },
  {
    name: 'error-404',
    shows: 'a wrong path, as from a base URL without /v1',
    body: { messages: paris },
    path: '../chat/completion',
    status: 404,
    ends: '404',
  },
]
