import type { ReactNode } from 'react'

import { Logo } from './Logo.tsx'
import { MORE_PROMPTS, PROMPTS, type Prompt } from './prompts.ts'

export interface FirstScreenProps {
  /** Why nothing can be sent yet, and what to do; the prompts wait for it. */
  notice?: ReactNode
  onPrompt: (prompt: Prompt) => void
}

/** What stands in an empty thread: what this is for, and four ways to begin. */
export function FirstScreen({ notice, onPrompt }: FirstScreenProps) {
  const waits = notice !== undefined && notice !== null
  return (
    <div className="first-screen">
      <Logo size={44} />
      <h2>See what the model almost said</h2>
      <p className="lead">
        Every answer shows how sure the model was of each word, and what else could have stood there.
      </p>
      {notice}
      <Prompts prompts={PROMPTS} disabled={waits} onPrompt={onPrompt} />
      <details className="more-prompts">
        <summary>More that a small model does well</summary>
        <Prompts prompts={MORE_PROMPTS} disabled={waits} onPrompt={onPrompt} />
      </details>
    </div>
  )
}

interface PromptsProps {
  prompts: readonly Prompt[]
  disabled: boolean
  onPrompt: (prompt: Prompt) => void
}

function Prompts({ prompts, disabled, onPrompt }: PromptsProps) {
  return (
    <ul>
      {prompts.map((prompt) => (
        <li key={prompt.text}>
          <button type="button" className="prompt" disabled={disabled} onClick={() => onPrompt(prompt)}>
            <span>{prompt.text}</span>
            {prompt.shows !== undefined && <small>{prompt.shows}</small>}
          </button>
        </li>
      ))}
    </ul>
  )
}
