import type { Settings } from './settings.ts'

/** A way to begin that the embedded model does well. */
export interface Prompt {
  text: string
  /** What is switched on for the thread that begins with it. */
  settings: Partial<Settings>
}

export const PROMPTS: readonly Prompt[] = [
  { text: 'What is the capital of France?', settings: {} },
  { text: 'What is the weather in Paris?', settings: { tools: true } },
  { text: 'Describe Bob, 30, as JSON', settings: { format: 'json_schema' } },
]
