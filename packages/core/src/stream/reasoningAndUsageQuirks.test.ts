import { expect } from 'vitest'

import { tokenSeries } from '../logprobs/choiceLogprobs.ts'
import { chunk, delta, describeQuirks, stop } from './quirkHarness.ts'

const hi = delta('{"content":"Hi"}')
const finish = delta('{}', ',"finish_reason":"stop"')
const done = 'data: [DONE]\n\n'

function usage(completionTokens: number, more = ''): string {
  return `"usage":{"prompt_tokens":1,"completion_tokens":${completionTokens},"total_tokens":${1 + completionTokens}${more}}`
}

describeQuirks('Reasoning', [
  {
    number: 88,
    fact: 'DeepSeek, vLLM, SGLang, llama.cpp, xAI, Qwen and Kimi think in reasoning_content',
    body:
      delta('{"content":null,"reasoning_content":"We "}') +
      delta('{"content":null,"reasoning_content":"think"}') +
      delta('{"content":"Hi","reasoning_content":null}') +
      stop,
    outcome: { text: 'Hi', reasoning: 'We think' },
    check: ({ completion }) => expect(completion.choices[0]?.message['reasoning_content']).toBe('We think'),
  },
  {
    number: 89,
    fact: 'Groq, OpenRouter, Ollama and Cerebras think in reasoning, some in both spellings at once',
    body:
      delta('{"reasoning":"We "}') + delta('{"reasoning":"think","reasoning_content":"think"}') + hi + stop,
    outcome: { text: 'Hi', reasoning: 'We think' },
    check: ({ completion }) => expect(completion.choices[0]?.message['reasoning']).toBe('We think'),
  },
  {
    number: 90,
    fact: 'OpenRouter thinks in typed pieces and signs them at the end',
    body:
      delta(
        '{"reasoning_details":[{"type":"reasoning.text","text":"We ","index":0,"format":"anthropic-claude-v1"}]}',
      ) +
      delta(
        '{"reasoning_details":[{"type":"reasoning.text","text":"think","index":0,"format":"anthropic-claude-v1"}]}',
      ) +
      delta('{"reasoning_details":[{"type":"reasoning.text","signature":"sig","index":0}]}') +
      delta('{"reasoning_details":[{"type":"reasoning.encrypted","data":"eHg=","index":1}]}') +
      hi +
      stop,
    outcome: { text: 'Hi', reasoning: 'We think' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.message['reasoning_details']).toEqual([
        {
          type: 'reasoning.text',
          text: 'We think',
          index: 0,
          format: 'anthropic-claude-v1',
          signature: 'sig',
        },
        { type: 'reasoning.encrypted', data: 'eHg=', index: 1 },
      ]),
  },
  {
    number: 90,
    fact: 'LiteLLM thinks in thinking_blocks, beside reasoning_content that says the same',
    body:
      delta(
        '{"reasoning_content":"We ","thinking_blocks":[{"type":"thinking","thinking":"We ","signature":null}]}',
      ) +
      delta('{"thinking_blocks":[{"type":"thinking","thinking":"think","signature":"sig"}]}') +
      hi +
      stop,
    outcome: { text: 'Hi', reasoning: 'We think' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.message['thinking_blocks']).toEqual([
        { type: 'thinking', thinking: 'We think', signature: 'sig' },
      ]),
  },
  {
    number: 89,
    fact: 'others think in thinking or in reasoning_text',
    body: delta('{"thinking":"We "}') + delta('{"reasoning_text":"think"}') + hi + stop,
    outcome: { text: 'Hi', reasoning: 'We think' },
  },
  {
    number: 91,
    fact: 'Groq, vLLM and llama.cpp without a parser think in tags inside the content, which stays content',
    body: delta('{"content":"<think>a</think>b"}') + stop,
    outcome: { text: '<think>a</think>b' },
  },
  {
    number: 91,
    fact: 'tags that are told to be thinking are taken apart, also where a delta cuts them',
    body:
      delta('{"content":"<th"}') +
      delta('{"content":"ink>a <"}') +
      delta('{"content":" b</th"}') +
      delta('{"content":"ink>c <think> d"}') +
      stop,
    settings: { thinkTags: true },
    outcome: { text: 'c <think> d', reasoning: 'a < b' },
  },
  {
    number: 91,
    fact: 'an answer that only begins like a thinking tag is text',
    body: delta('{"content":"<th"}') + delta('{"content":"ead>"}') + stop,
    settings: { thinkTags: true },
    outcome: { text: '<thead>' },
  },
])

describeQuirks('Usage', [
  {
    number: 92,
    fact: 'Perplexity and vLLM send growing usage with each chunk',
    body:
      chunk(`"choices":[{"index":0,"delta":{"content":"Hi"}}],${usage(1)}`) +
      chunk(`"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],${usage(3)}`) +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion.usage?.completion_tokens).toBe(3),
  },
  {
    number: 93,
    fact: 'DeepSeek, Mistral and transformers serve send usage with the finish reason',
    body: hi + chunk(`"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],${usage(3)}`) + done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion.usage?.completion_tokens).toBe(3),
  },
  {
    number: 94,
    fact: 'a proxy sends usage: null after the usage',
    body: hi + finish + chunk(`"choices":[],${usage(3)}`) + chunk('"choices":[],"usage":null') + done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion.usage?.completion_tokens).toBe(3),
  },
  {
    number: 95,
    fact: 'the usage chunk of a proxy has an empty id',
    body: `${hi}${finish}data: {"id":"","choices":[],${usage(3)}}\n\n${done}`,
    outcome: { text: 'Hi' },
    check: ({ completion }) => {
      expect(completion.usage?.completion_tokens).toBe(3)
      expect(completion.id).toBe('c')
    },
  },
  {
    number: 96,
    fact: 'Moonshot puts usage inside the choice',
    body: hi + delta('{}', `,"finish_reason":"stop",${usage(3)}`) + done,
    outcome: { text: 'Hi' },
    issues: ['usage-in-choice'],
    check: ({ completion }) => {
      expect(completion.usage?.completion_tokens).toBe(3)
      expect(completion.choices[0]).not.toHaveProperty('usage')
    },
  },
  {
    number: 97,
    fact: 'Groq puts usage and its request id into x_groq',
    body:
      chunk('"choices":[{"index":0,"delta":{"content":"Hi"}}],"x_groq":{"id":"req"}') +
      chunk(`"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req",${usage(3)}}`) +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => {
      expect(completion.usage?.completion_tokens).toBe(3)
      expect(completion['x_groq']).toMatchObject({ id: 'req' })
    },
  },
  {
    number: 97,
    fact: 'Groq reports an error in x_groq',
    body: `${hi}${chunk('"choices":[],"x_groq":{"id":"req","error":"over capacity"}')}${done}`,
    outcome: { text: 'Hi', finish: null, ending: 'error', error: 'over capacity' },
  },
  {
    number: 98,
    fact: 'llama.cpp sends timings and the progress of reading the prompt',
    body:
      chunk('"choices":[],"prompt_progress":{"total":10,"processed":5}') +
      hi +
      finish +
      chunk('"choices":[],"timings":{"predicted_n":4}') +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) =>
      expect(completion).toMatchObject({
        timings: { predicted_n: 4 },
        prompt_progress: { total: 10, processed: 5 },
      }),
  },
  {
    number: 99,
    fact: 'OpenRouter, xAI, DeepSeek and Groq count more than the protocol knows',
    body:
      hi +
      finish +
      chunk(
        `"choices":[],${usage(3, ',"cost":0.5,"is_byok":false,"prompt_cache_hit_tokens":7,"completion_tokens_details":{"reasoning_tokens":2}')}`,
      ) +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) =>
      expect(completion.usage).toEqual({
        prompt_tokens: 1,
        completion_tokens: 3,
        total_tokens: 4,
        cost: 0.5,
        is_byok: false,
        prompt_cache_hit_tokens: 7,
        completion_tokens_details: { reasoning_tokens: 2 },
      }),
  },
])

describeQuirks('Logprobs', [
  {
    number: 100,
    fact: 'Together and llama-cpp-python send logprobs in the older shape',
    body:
      delta(
        '{"content":"a"}',
        ',"logprobs":{"tokens":["a"],"token_logprobs":[-0.1],"top_logprobs":[{"a":-0.1,"b":-3}]}',
      ) +
      delta('{"content":"b"}', ',"logprobs":{"tokens":["b"],"token_logprobs":[-0.2],"top_logprobs":null}') +
      stop,
    request: { logprobs: true },
    outcome: { text: 'ab' },
    issues: ['legacy-logprobs'],
    check: ({ completion }) =>
      expect(completion.choices[0]?.logprobs?.content).toMatchObject([
        { token: 'a', logprob: -0.1, top_logprobs: [{ token: 'a' }, { token: 'b', logprob: -3 }] },
        { token: 'b', logprob: -0.2 },
      ]),
  },
  {
    number: 101,
    fact: 'logprobs lack refusal or bytes, have no alternatives, or list the token after all others',
    body:
      delta(
        '{"content":"a"}',
        ',"logprobs":{"content":[{"token":"a","logprob":-1,"top_logprobs":[{"token":"b","logprob":-0.5},{"token":"a","logprob":-1}]}]}',
      ) +
      delta(
        '{"content":"b"}',
        ',"logprobs":{"content":[{"token":"b","logprob":-2,"bytes":null,"top_logprobs":[]}]}',
      ) +
      delta('{"content":"c"}', ',"logprobs":{"content":[{"token":"c","logprob":-3}]}') +
      stop,
    request: { logprobs: true },
    outcome: { text: 'abc' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.logprobs?.content).toEqual([
        {
          token: 'a',
          logprob: -1,
          top_logprobs: [
            { token: 'b', logprob: -0.5 },
            { token: 'a', logprob: -1 },
          ],
        },
        { token: 'b', logprob: -2, bytes: null, top_logprobs: [] },
        { token: 'c', logprob: -3 },
      ]),
  },
  {
    number: 102,
    fact: 'logprobs come with the role, or twice, and are kept as they came',
    body:
      delta('{"role":"assistant"}', ',"logprobs":{"content":[]}') +
      delta(
        '{"content":"a"}',
        ',"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":[97],"top_logprobs":[]}]}',
      ) +
      delta('{}', ',"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":[97],"top_logprobs":[]}]}') +
      stop,
    request: { logprobs: true },
    outcome: { text: 'a' },
    check: ({ completion }) => expect(completion.choices[0]?.logprobs?.content).toHaveLength(2),
  },
])

describeQuirks('Further fields', [
  {
    number: 103,
    fact: 'OpenRouter and Groq send images, annotations and executed tools in several deltas',
    body:
      delta(
        '{"images":[{"type":"image_url","image_url":{"url":"data:a"}}],"annotations":[{"type":"url_citation"}]}',
      ) +
      delta('{"images":[{"type":"image_url","image_url":{"url":"data:b"}}]}') +
      delta('{"annotations":[{"type":"document_citation"}],"executed_tools":[{"index":0}]}') +
      hi +
      stop,
    outcome: { text: 'Hi' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.message).toMatchObject({
        images: [{ image_url: { url: 'data:a' } }, { image_url: { url: 'data:b' } }],
        annotations: [{ type: 'url_citation' }, { type: 'document_citation' }],
        executed_tools: [{ index: 0 }],
      }),
  },
  {
    number: 104,
    fact: 'Perplexity and xAI repeat all citations in each chunk',
    body:
      chunk('"choices":[{"index":0,"delta":{"content":"Hi"}}],"citations":["https://a.example"]') +
      chunk(
        '"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"citations":["https://a.example","https://b.example"]',
      ) +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) =>
      expect(completion['citations']).toEqual(['https://a.example', 'https://b.example']),
  },
  {
    number: 105,
    fact: 'a hostile server names fields after the prototype and counts choices into the millions',
    body:
      delta(
        '{"__proto__":{"a":1},"constructor":{"prototype":{"b":1}},"content":"Hi","x":{"__proto__":{"c":1}}}',
      ) +
      chunk('"__proto__":{"d":1},"choices":[{"index":4294967295,"delta":{"content":"?"}}]') +
      delta(
        '{"tool_calls":[{"index":4294967295,"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"__proto__":{"e":1}}]}',
      ) +
      stop,
    outcome: { text: 'Hi', tools: [['f', '{}']] },
    issues: ['unsafe-value', 'choice-index-too-large'],
    check: ({ completion }) => {
      const message = completion.choices[0]?.message
      for (const field of ['a', 'b', 'c', 'd', 'e']) {
        expect(Object.prototype).not.toHaveProperty(field)
        expect(completion).not.toHaveProperty(field)
        expect(message).not.toHaveProperty(field)
      }
      expect(Object.getPrototypeOf(message)).toBe(Object.prototype)
    },
  },
  {
    number: 106,
    fact: 'proxies send numbers as text',
    body:
      'data: {"id":"c","created":"1700000000.5","model":"m","choices":[{"index":"0","delta":{"content":"Hi"}}]}\n\n' +
      delta(
        '{"tool_calls":[{"index":"0","id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}',
      ) +
      stop,
    outcome: { text: 'Hi', tools: [['f', '{}']] },
    issues: ['index-not-a-number'],
    check: ({ completion }) => {
      expect(completion.created).toBe(1_700_000_000.5)
      expect(tokenSeries(completion.choices[0]?.logprobs)).toBeUndefined()
    },
  },
])
