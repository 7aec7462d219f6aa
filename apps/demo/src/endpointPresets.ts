/** A server that people know by name, to start an address from. */
export interface EndpointPreset {
  name: string
  /** Everything before `/chat/completions`. */
  baseUrl: string
  /** Whether it answers nobody without a key. */
  needsKey: boolean
  /** What to do before it answers; shown when nothing answers there. */
  howToStart?: string
  /** Which name the limit of tokens goes by. @default 'max_tokens' */
  tokenLimit?: 'max_completion_tokens'
  /** Whether a request for logprobs is refused. @default false */
  refusesLogprobs?: boolean
}

export const ENDPOINT_PRESETS: readonly EndpointPreset[] = [
  {
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    needsKey: true,
    tokenLimit: 'max_completion_tokens',
  },
  {
    name: 'Ollama',
    baseUrl: 'http://localhost:11434/v1',
    needsKey: false,
    howToStart: 'Start Ollama, or run “ollama serve”.',
  },
  {
    name: 'LM Studio',
    baseUrl: 'http://localhost:1234/v1',
    needsKey: false,
    howToStart: 'Start the server in LM Studio’s Developer tab.',
  },
  {
    name: 'llama.cpp',
    baseUrl: 'http://localhost:8080/v1',
    needsKey: false,
    howToStart: 'Run “llama-server -m model.gguf --jinja”.',
  },
  {
    name: 'vLLM',
    baseUrl: 'http://localhost:8000/v1',
    needsKey: false,
    howToStart: 'Run “vllm serve” with a model.',
  },
  { name: 'OpenRouter', baseUrl: 'https://openrouter.ai/api/v1', needsKey: true },
  { name: 'Groq', baseUrl: 'https://api.groq.com/openai/v1', needsKey: true, refusesLogprobs: true },
  { name: 'DeepSeek', baseUrl: 'https://api.deepseek.com/v1', needsKey: true },
  { name: 'Mistral', baseUrl: 'https://api.mistral.ai/v1', needsKey: true },
]

/** The preset whose address this is, however it was typed. */
export function presetOf(baseUrl: string): EndpointPreset | undefined {
  return ENDPOINT_PRESETS.find((preset) => plainAddress(preset.baseUrl) === plainAddress(baseUrl))
}

function plainAddress(url: string): string {
  return url.trim().replace(/\/+$/, '').replace('127.0.0.1', 'localhost')
}
