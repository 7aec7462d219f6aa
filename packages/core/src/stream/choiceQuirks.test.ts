import { expect } from 'vitest'

import { chunk, delta, describeQuirks, stop } from './quirkHarness.ts'

const hi = delta('{"content":"Hi"}')
const usage = '"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}'

describeQuirks('Choices, deltas and finish reasons', [
  {
    number: 38,
    fact: 'DeepInfra, Groq and Fireworks leave choices out of the usage chunk',
    body: `${hi}${delta('{}', ',"finish_reason":"stop"')}${chunk(usage)}data: [DONE]\n\n`,
    outcome: { text: 'Hi' },
    issues: ['choices-missing'],
    check: ({ completion }) => expect(completion.usage?.total_tokens).toBe(3),
  },
  {
    number: 39,
    fact: 'MiniMax and vLLM send choices: null',
    body: `${chunk('"choices":null')}${hi}${stop}`,
    outcome: { text: 'Hi' },
    issues: ['choices-missing'],
  },
  {
    number: 40,
    fact: 'Azure begins with a chunk of empty id, model and time that holds the filter results of the prompt',
    body: `data: {"id":"","object":"","created":0,"model":"","choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}\n\n${hi}${stop}`,
    outcome: { text: 'Hi' },
    check: ({ completion }) =>
      expect(completion).toMatchObject({
        id: 'c',
        model: 'm',
        created: 1,
        prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
      }),
  },
  {
    number: 41,
    fact: 'Azure sends filter results late, in a choice without delta and a chunk without id',
    body: `${hi}${delta('{}', ',"finish_reason":"stop"')}data: {"id":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{"hate":{"filtered":false}},"content_filter_offsets":{"check_offset":44}}]}\n\ndata: [DONE]\n\n`,
    outcome: { text: 'Hi' },
    issues: ['delta-missing'],
    check: ({ completion }) => {
      expect(completion.id).toBe('c')
      expect(completion.choices[0]).toMatchObject({
        content_filter_results: { hate: { filtered: false } },
        content_filter_offsets: { check_offset: 44 },
      })
    },
  },
  {
    number: 42,
    fact: 'LiteLLM sends delta: null',
    body: `${chunk('"choices":[{"index":0,"delta":null}]')}${hi}${stop}`,
    outcome: { text: 'Hi' },
    issues: ['delta-missing'],
  },
  {
    number: 43,
    fact: 'Perplexity repeats the growing message beside each delta',
    body:
      chunk('"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"delta":{"content":"a"}}]') +
      chunk(
        '"choices":[{"index":0,"message":{"role":"assistant","content":"ab"},"delta":{"content":"b"},"finish_reason":"stop"}]',
      ) +
      'data: [DONE]\n\n',
    outcome: { text: 'ab' },
    issues: ['message-beside-delta'],
  },
  {
    number: 43,
    fact: 'a server sends the growing message without any delta',
    body:
      chunk('"choices":[{"index":0,"message":{"role":"assistant","content":"a"}}]') +
      chunk('"choices":[{"index":0,"message":{"role":"assistant","content":"ab"},"finish_reason":"stop"}]') +
      'data: [DONE]\n\n',
    outcome: { text: 'ab' },
    issues: ['message-in-chunk'],
  },
  {
    number: 44,
    fact: 'the role never comes, or is null, or empty',
    body:
      delta('{"role":null,"content":"H"}') +
      delta('{"role":"","content":"i"}') +
      delta('{"content":"!"}') +
      stop,
    outcome: { text: 'Hi!' },
    check: ({ completion }) => expect(completion.choices[0]?.message.role).toBe('assistant'),
  },
  {
    number: 45,
    fact: 'OpenRouter, Perplexity, Ollama and mlx-lm repeat the role in every delta',
    body:
      delta('{"role":"assistant","content":"H"}') +
      delta('{"role":"assistant","content":"i"}') +
      delta('{"role":"assistant"}', ',"finish_reason":"stop"') +
      'data: [DONE]\n\n',
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion.choices[0]?.message.role).toBe('assistant'),
  },
  {
    number: 46,
    fact: 'a choice has no index',
    body: `${chunk('"choices":[{"delta":{"content":"Hi"}}]')}${stop}`,
    outcome: { text: 'Hi' },
    issues: ['choice-index-missing'],
  },
  {
    number: 47,
    fact: 'old Ollama and GLM write an empty finish_reason into every chunk',
    body: delta('{"content":"Hi"}', ',"finish_reason":""') + stop,
    outcome: { text: 'Hi' },
    issues: ['finish-reason-empty'],
  },
  {
    number: 48,
    fact: 'xAI, Perplexity, LiteLLM and transformers serve leave finish_reason out until the end',
    body: hi + delta('{"content":"!"}') + stop,
    outcome: { text: 'Hi!' },
  },
  {
    number: 49,
    fact: 'Nebius closes with [DONE] and never says why a choice ended',
    body: `${hi}data: [DONE]\n\n`,
    outcome: { text: 'Hi', finish: null, ending: 'cut-off' },
    issues: ['finish-reason-missing'],
  },
  {
    number: 49,
    fact: 'Ollama and Portkey close cleanly when the model dies in the middle: no reason, no [DONE]',
    body: `${hi}data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n`,
    outcome: { text: 'Hi', finish: null, ending: 'cut-off' },
    issues: ['finish-reason-missing'],
    check: ({ completion }) => expect(completion.model).toBe('m'),
  },
  {
    number: 50,
    fact: 'Mistral, vLLM and Ollama end a choice in a chunk that still has text',
    body: `${hi}${delta('{"content":"."}', ',"finish_reason":"stop"')}data: [DONE]\n\n`,
    outcome: { text: 'Hi.' },
  },
  {
    number: 51,
    fact: 'OpenRouter says twice why a choice ended',
    body: `${hi}${delta('{}', ',"finish_reason":"stop"')}${delta('{}', ',"finish_reason":"length"')}data: [DONE]\n\n`,
    outcome: { text: 'Hi', finish: 'length' },
    issues: ['finish-reason-repeated'],
  },
  {
    number: 52,
    fact: 'SenseNova, NVIDIA and LiteLLM go on after the finish reason',
    body: `${hi}${delta('{}', ',"finish_reason":"stop"')}${delta('{"content":" there"}')}data: [DONE]\n\n`,
    outcome: { text: 'Hi there' },
    issues: ['delta-after-finish'],
  },
  {
    number: 53,
    fact: 'gcli2api says stop in every chunk',
    body:
      delta('{"reasoning_content":"hm"}', ',"finish_reason":"stop"') +
      delta('{"content":"H"}', ',"finish_reason":"stop"') +
      delta('{"content":"i"}', ',"finish_reason":"stop"') +
      'data: [DONE]\n\n',
    outcome: { text: 'Hi', reasoning: 'hm' },
    issues: ['delta-after-finish', 'finish-reason-repeated'],
  },
  {
    number: 54,
    fact: 'Gemini and vLLM end with stop although tools were called',
    body: `${delta('{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}')}${stop}`,
    outcome: { tools: [['f', '{}']] },
  },
  {
    number: 55,
    fact: 'a choice ends with tool_calls and called nothing',
    body: `${hi}${delta('{}', ',"finish_reason":"tool_calls"')}data: [DONE]\n\n`,
    outcome: { text: 'Hi', finish: 'tool_calls' },
  },
  {
    number: 56,
    fact: 'servers have reasons of their own, and further fields that explain them',
    body: `${hi}${delta('{}', ',"finish_reason":"model_length","native_finish_reason":"MAX_TOKENS","matched_stop":null,"stop_reason":2')}data: [DONE]\n\n`,
    outcome: { text: 'Hi', finish: 'model_length' },
    check: ({ completion }) =>
      expect(completion.choices[0]).toMatchObject({
        native_finish_reason: 'MAX_TOKENS',
        matched_stop: null,
        stop_reason: 2,
      }),
  },
  {
    number: 57,
    fact: 'proxies make up a new id for every chunk, and the time of xAI drifts',
    body: `${hi}${hi.replace('"c"', '"d"').replace('"created":1', '"created":2')}${stop}`,
    outcome: { text: 'HiHi' },
    issues: ['id-changed'],
    check: ({ completion }) => expect(completion).toMatchObject({ id: 'c', created: 1 }),
  },
  {
    number: 58,
    fact: 'several choices interleave, some in one chunk, in any order',
    body:
      chunk('"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]') +
      chunk('"choices":[{"index":0,"delta":{"content":"A"},"finish_reason":"stop"}]') +
      chunk('"choices":[{"index":1,"delta":{"content":"B"},"finish_reason":"length"}]') +
      'data: [DONE]\n\n',
    request: { n: 2 },
    outcome: { text: ['aA', 'bB'], reasoning: ['', ''], finish: ['stop', 'length'] },
  },
  {
    number: 59,
    fact: 'SGLang sends empty content before the tool calls, which is no text',
    body: `${delta('{"role":"assistant","content":""}')}${delta('{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}', ',"finish_reason":"tool_calls"')}data: [DONE]\n\n`,
    outcome: { text: '', tools: [['f', '{}']], finish: 'tool_calls' },
  },
  {
    number: 60,
    fact: 'Mistral and Databricks send content as a list of parts, with the thinking among them',
    body:
      delta('{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}') +
      delta('{"content":[{"type":"text","text":"Hi"},{"type":"reference","reference_ids":[1]}]}') +
      delta(
        '{"content":[{"type":"reasoning","summary":[{"type":"summary_text","text":" so"}]},{"type":"text","text":"!"}]}',
      ) +
      stop,
    outcome: { text: 'Hi!', reasoning: 'hm so' },
    issues: ['content-in-parts'],
    check: ({ completion }) =>
      expect(completion.choices[0]?.message['content_parts']).toEqual([
        { type: 'reference', reference_ids: [1] },
      ]),
  },
  {
    number: 61,
    fact: 'Groq and GLM put fields of their own into the delta',
    body:
      delta('{"index":0,"channel":"analysis","reasoning":"We"}') +
      delta('{"channel":"final","content":"Hi"}') +
      stop,
    outcome: { text: 'Hi', reasoning: 'We' },
    check: ({ completion }) => expect(completion.choices[0]?.message['channel']).toBe('final'),
  },
  {
    number: 62,
    fact: 'OpenAI sends the moderation after the usage',
    body: `${hi}${delta('{}', ',"finish_reason":"stop"')}${chunk(`"choices":[],${usage}`)}${chunk('"choices":[],"usage":null,"moderation":{"input":{"type":"moderation_results","results":[]}}')}data: [DONE]\n\n`,
    outcome: { text: 'Hi' },
    check: ({ completion }) => {
      expect(completion.usage?.total_tokens).toBe(3)
      expect(completion['moderation']).toEqual({ input: { type: 'moderation_results', results: [] } })
    },
  },
  {
    number: 'also',
    fact: 'two choices of one JSON answer have the same index',
    body: '{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"A"},"finish_reason":"stop"},{"index":0,"message":{"role":"assistant","content":"B"},"finish_reason":"stop"}]}',
    request: { stream: false, n: 2 },
    outcome: { text: ['A', 'B'], reasoning: ['', ''], finish: ['stop', 'stop'] },
    issues: ['choice-index-missing'],
  },
  {
    number: 'also',
    fact: 'a finish reason is a number, and is left out',
    body: `${hi}${delta('{}', ',"finish_reason":1')}${stop}`,
    outcome: { text: 'Hi' },
    issues: ['not-text'],
    check: ({ issues }) => expect(issues[0]?.message).toContain('left out'),
  },
])
