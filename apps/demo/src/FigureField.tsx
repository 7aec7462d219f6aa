import { useId } from 'react'

import { filledTo } from './filledTo.ts'

/** What speaks against a value: an `error` will not be sent. */
export interface FigureProblem {
  level: 'error' | 'warning'
  words: string
}

export interface FigureFieldProps {
  /** The parameter's wire name. */
  name: string
  /** What it may be and what it does, in one sentence. */
  hint: string
  min: number
  max?: number
  step: number
  /** Where the slider stands while the parameter is not sent; without it there is no slider. */
  neutral?: number
  /** `undefined` while the parameter is not sent. */
  value: number | undefined
  /** What speaks against the value. */
  problem?: FigureProblem | undefined
  disabled?: boolean
  /** Called with the new value, or with `null` when the field was emptied: then it is not sent. */
  onChange: (value: number | null) => void
}

/** One numeric parameter: typed, or set on a slider, or left out. */
export function FigureField({
  name,
  hint,
  min,
  max,
  step,
  neutral,
  value,
  problem,
  disabled = false,
  onChange,
}: FigureFieldProps) {
  const id = useId()
  const describedBy = `${id}-hint`
  return (
    <div className="figure" data-unset={value === undefined || undefined}>
      <div className="figure-head">
        <label htmlFor={id}>{name}</label>
        <input
          id={id}
          className="figure-value"
          type="number"
          inputMode="decimal"
          min={min}
          max={max}
          step={step}
          placeholder="not sent"
          disabled={disabled}
          value={value ?? ''}
          // What the server takes decides, not the slider's range.
          aria-invalid={problem?.level === 'error'}
          aria-describedby={describedBy}
          onChange={(event) => {
            const typed = event.target.valueAsNumber
            onChange(Number.isNaN(typed) ? null : typed)
          }}
        />
      </div>
      {neutral !== undefined && max !== undefined && (
        <input
          className="slider"
          type="range"
          min={min}
          max={max}
          step={step}
          disabled={disabled}
          value={value ?? neutral}
          style={filledTo(((value ?? neutral) - min) / (max - min))}
          aria-label={`${name}, slider`}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
      )}
      <p id={describedBy} className="hint" data-level={problem?.level}>
        {problem?.words ?? hint}
      </p>
    </div>
  )
}
