import {
  deepseek,
  groq,
  llamaCpp,
  lmStudio,
  mistral,
  ollama,
  openai,
  openrouter,
  vllm,
  type EndpointProfile,
} from '@candor/core'

/** A server that people know by name, to start an address from. */
export interface EndpointPreset {
  profile: EndpointProfile
  /** Everything before `/chat/completions`. */
  baseUrl: string
  /** What to do when nothing answers there; absent for a service that answers nobody without a key. */
  howToStart?: string
}

export const ENDPOINT_PRESETS: readonly EndpointPreset[] = [
  preset(openai),
  preset(ollama, 'Start Ollama, or run “ollama serve”.'),
  preset(lmStudio, 'Start the server in LM Studio’s Developer tab.'),
  preset(llamaCpp, 'Run “llama-server -m model.gguf --jinja”.'),
  preset(vllm, 'Run “vllm serve” with a model.'),
  preset(openrouter),
  preset(groq),
  preset(deepseek),
  preset(mistral),
]

function preset(profile: EndpointProfile, howToStart?: string): EndpointPreset {
  return { profile, baseUrl: profile.baseURL ?? '', ...(howToStart !== undefined && { howToStart }) }
}

/** The preset whose address this is, however it was typed. */
export function presetOf(baseUrl: string): EndpointPreset | undefined {
  return ENDPOINT_PRESETS.find((known) => plainAddress(known.baseUrl) === plainAddress(baseUrl))
}

function plainAddress(url: string): string {
  return url.trim().replace(/\/+$/, '').replace('127.0.0.1', 'localhost')
}
