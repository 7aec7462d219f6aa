import type { RequestIssue } from '@candor/core'
import { useId, useState } from 'react'

import { FigureField, type FigureProblem } from './FigureField.tsx'
import {
  figure,
  INITIAL_SETTINGS,
  schemaProblem,
  type AnswerFormat,
  type FigureName,
  type Figures,
  type Settings,
} from './settings.ts'

const FORMATS: readonly { format: AnswerFormat; words: string }[] = [
  { format: 'text', words: 'Text' },
  { format: 'json_object', words: 'JSON' },
  { format: 'json_schema', words: 'By schema' },
]

export interface ParametersTabProps {
  settings: Settings
  defaults: Figures
  /** What speaks against the request as it is set now. */
  issues: readonly RequestIssue[]
  /** Why the answers have this limit when the reader set none. */
  limitNote?: string | undefined
  onChange: (change: Partial<Settings>) => void
}

/** Everything that can be set for the next request of the thread. */
export function ParametersTab({ settings, defaults, issues, limitNote, onChange }: ParametersTabProps) {
  const id = useId()
  const figureOf = (name: FigureName) => ({
    name,
    value: figure(settings, defaults, name),
    problem: problemWith(name, issues),
    onChange: (value: number | null) => setFigure(name, value),
  })
  const setFigure = (name: FigureName, value: number | null) =>
    onChange({ figures: { ...settings.figures, [name]: value } })
  const problem = settings.format === 'json_schema' ? schemaProblem(settings.schema) : undefined

  return (
    <div className="parameters">
      <p className="hint">For the next message of this thread. An empty figure is not sent.</p>
      <FigureField
        {...figureOf('temperature')}
        hint="0 to 2. How freely tokens are drawn; 0 takes the likeliest."
        min={0}
        max={2}
        step={0.1}
        neutral={1}
      />
      <FigureField
        {...figureOf('top_p')}
        hint="0 to 1. Draws only from the likeliest tokens that together have this probability."
        min={0}
        max={1}
        step={0.05}
        neutral={1}
      />
      <FigureField
        {...figureOf('n')}
        hint="1 or more. How many answers at once, side by side; the demo’s own model gives up to 4."
        min={1}
        max={4}
        step={1}
        neutral={1}
      />
      <FigureField
        {...figureOf('top_logprobs')}
        hint={
          settings.logprobs
            ? '0 to 20. How many alternatives come with each token.'
            : 'Logprobs are off, so no alternatives are asked for.'
        }
        min={0}
        max={20}
        step={1}
        neutral={0}
        disabled={!settings.logprobs}
      />
      <FigureField
        {...figureOf('max_tokens')}
        hint={limitNote ?? 'The answer is cut off there, with finish reason length.'}
        min={1}
        step={1}
      />
      <FigureField
        {...figureOf('seed')}
        hint="The same seed and request give the same answer, as far as the server can."
        min={0}
        step={1}
      />

      <StopField
        stop={settings.stop}
        problem={problemWith('stop', issues)}
        onChange={(stop) => onChange({ stop })}
      />

      <div className="field">
        <label htmlFor={`${id}-system`}>System message</label>
        <textarea
          id={`${id}-system`}
          rows={3}
          value={settings.system}
          placeholder="not sent"
          onChange={(event) => onChange({ system: event.target.value })}
        />
      </div>

      <fieldset className="field">
        <legend>response_format</legend>
        <div className="segments">
          {FORMATS.map(({ format, words }) => (
            <label key={format}>
              <input
                type="radio"
                name={`${id}-format`}
                checked={settings.format === format}
                onChange={() => onChange({ format })}
              />
              <span>{words}</span>
            </label>
          ))}
        </div>
        {settings.format === 'json_object' && (
          <p className="hint">
            Most servers want the word JSON in the conversation, so “Answer in JSON.” goes along where you did
            not write it.
          </p>
        )}
        {settings.format === 'json_schema' && (
          <>
            <textarea
              className="code"
              rows={10}
              spellCheck={false}
              aria-label="JSON Schema"
              aria-invalid={problem !== undefined}
              aria-describedby={`${id}-schema`}
              value={settings.schema}
              onChange={(event) => onChange({ schema: event.target.value })}
            />
            <p
              id={`${id}-schema`}
              className="hint"
              data-level={problem === undefined ? undefined : 'warning'}
            >
              {problem === undefined
                ? 'The answer will have this shape.'
                : `${problem} Until it is, any JSON is asked for.`}
            </p>
          </>
        )}
      </fieldset>

      <button type="button" className="button" onClick={() => onChange(INITIAL_SETTINGS)}>
        Back to the defaults
      </button>
    </div>
  )
}

/** What the check of the request says about a parameter, under whichever name it is sent. */
function problemWith(name: FigureName | 'stop', issues: readonly RequestIssue[]): FigureProblem | undefined {
  const names: readonly string[] = name === 'max_tokens' ? [name, 'max_completion_tokens'] : [name]
  const found = issues.filter(({ path }) => names.includes(path))
  if (found.length === 0) return undefined
  return {
    level: found.some(({ level }) => level === 'error') ? 'error' : 'warning',
    words: found.map(({ problem, hint }) => `${problem} ${hint}`.replaceAll('`', '')).join(' '),
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

interface StopFieldProps {
  stop: readonly string[]
  problem: FigureProblem | undefined
  onChange: (stop: string[]) => void
}

function StopField({ stop, problem, onChange }: StopFieldProps) {
  const id = useId()
  // The text as typed: a trailing line break is a stop text about to be written, not one to be sent.
  const [typed, setTyped] = useState('')
  const lines = linesOf(typed)
  const shown = lines.join('\n') === stop.join('\n') ? typed : stop.join('\n')
  return (
    <div className="field">
      <label htmlFor={id}>stop</label>
      <textarea
        id={id}
        className="code"
        rows={2}
        value={shown}
        placeholder="not sent"
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(linesOf(event.target.value))
        }}
      />
      <p id={`${id}-hint`} className="hint" data-level={problem?.level}>
        {problem?.words ?? 'One text a line. The answer ends before the first that it would write.'}
      </p>
    </div>
  )
}
