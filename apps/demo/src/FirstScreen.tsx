import type { ReactNode } from 'react'

import { Logo } from './Logo.tsx'
import { PROMPTS, type Prompt } from './prompts.ts'

export interface FirstScreenProps {
  /** Why nothing can be sent yet, and what to do; the prompts wait for it. */
  notice?: ReactNode
  onPrompt: (prompt: Prompt) => void
}

/** What stands in an empty thread: what this is for, and three ways to begin. */
export function FirstScreen({ notice, onPrompt }: FirstScreenProps) {
  const waits = notice !== undefined && notice !== null
  return (
    <div className="first-screen">
      <Logo size={44} />
      <h2>See what the model almost said</h2>
      {notice}
      <ul>
        {PROMPTS.map((prompt) => (
          <li key={prompt.text}>
            <button type="button" className="prompt" disabled={waits} onClick={() => onPrompt(prompt)}>
              {prompt.text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
