import type { EndpointProfile } from '../EndpointProfile.ts'
import { azure } from './azure.ts'
import { deepseek } from './deepseek.ts'
import { fireworks } from './fireworks.ts'
import { gemini } from './gemini.ts'
import { groq } from './groq.ts'
import { litellm } from './litellm.ts'
import { llamaCpp } from './llamaCpp.ts'
import { llamaCppPython } from './llamaCppPython.ts'
import { lmStudio } from './lmStudio.ts'
import { mistral } from './mistral.ts'
import { mlxLm } from './mlxLm.ts'
import { moonshot } from './moonshot.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { openrouter } from './openrouter.ts'
import { sglang } from './sglang.ts'
import { tgi } from './tgi.ts'
import { together } from './together.ts'
import { transformersServe } from './transformersServe.ts'
import { vllm } from './vllm.ts'
import { xai } from './xai.ts'

/** Every profile that comes with the library, for a menu. An app that knows its server imports that one alone. */
export const endpointProfiles: readonly EndpointProfile[] = [
  openai,
  azure,
  openrouter,
  groq,
  deepseek,
  mistral,
  gemini,
  xai,
  together,
  fireworks,
  moonshot,
  vllm,
  sglang,
  llamaCpp,
  ollama,
  lmStudio,
  tgi,
  llamaCppPython,
  transformersServe,
  mlxLm,
  litellm,
]
