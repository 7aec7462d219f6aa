'use client'
import type { ToolCall as WireToolCall, ToolRun, ToolRunStatus } from '@candor/core'
import { useEffect, useId, useMemo, useState, type ReactElement, type ReactNode } from 'react'

import { Button } from '../base/Button.tsx'
import { Caret } from '../base/Caret.tsx'
import { definePart, memoPart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { formatDuration } from '../base/formatDuration.ts'
import { ChevronIcon, DeniedIcon, DoneIcon, FailedIcon, SpinnerIcon, WaitingIcon } from '../icons.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { JsonView } from './JsonView.tsx'
import { ToolCallContext, useToolCall } from './ToolCallContext.ts'
import { toolCallArguments, toolCallGist, toolCallName, toolCallSource } from './toolCallText.ts'

/** How a state looks: `busy` turns, `waiting` asks, `ok`, `failed`, `off` is neither good nor bad. */
type Mood = 'busy' | 'waiting' | 'ok' | 'failed' | 'off'

const moodOf: Record<ToolRunStatus, Mood> = {
  'arguments-streaming': 'busy',
  'waiting-for-approval': 'waiting',
  'waiting-for-result': 'waiting',
  running: 'busy',
  done: 'ok',
  failed: 'failed',
  invalid: 'failed',
  unknown: 'failed',
  denied: 'off',
  'timed-out': 'failed',
  aborted: 'off',
}

const markOf: Record<Mood, typeof DoneIcon> = {
  busy: SpinnerIcon,
  waiting: WaitingIcon,
  ok: DoneIcon,
  failed: FailedIcon,
  off: DeniedIcon,
}

/** Those that never ran and whose story fits the head. */
const startsClosed: Record<ToolRunStatus, boolean> = {
  'arguments-streaming': false,
  'waiting-for-approval': false,
  'waiting-for-result': false,
  running: false,
  done: false,
  failed: false,
  invalid: false,
  unknown: true,
  denied: true,
  'timed-out': false,
  aborted: false,
}

export interface ToolCallRootOwnProps {
  /** The call in the wire's own shape. */
  call: WireToolCall
  /** How it stands. @default { status: 'done' } */
  run?: ToolRun
  /** Whether it is open, when the app keeps that. */
  open?: boolean
  /** Whether it is open at first. @default true, but for calls that were denied or had no tool */
  defaultOpen?: boolean
  /** Called when the reader opens or closes it. */
  onOpenChange?: (open: boolean) => void
  children?: ReactNode
}

const finishedRun: ToolRun = { status: 'done' }

/** Holds one tool call for its parts. Renders a `<div>` with `data-status`, `data-mood` and `data-open`. */
export const ToolCallRoot: PartComponent<'div', ToolCallRootOwnProps> = definePart<
  'div',
  ToolCallRootOwnProps
>(
  'ToolCall.Root',
  function ToolCallRoot({ call, run = finishedRun, open, defaultOpen, onOpenChange, ...rest }, ref) {
    // Until the reader decides, it opens and closes with the state; only at the end of a call, so nothing jumps.
    const [ownOpen, setOwnOpen] = useState(defaultOpen)
    const isOpen = open ?? ownOpen ?? !startsClosed[run.status]
    const panelId = useId()
    const toolCall = useMemo(
      () => ({
        call,
        run,
        open: isOpen,
        setOpen: (next: boolean) => {
          setOwnOpen(next)
          onOpenChange?.(next)
        },
        panelId,
      }),
      [call, run, isOpen, onOpenChange, panelId],
    )
    const element = usePartElement('div', {
      ref,
      rest,
      state: { status: run.status, mood: moodOf[run.status], open: isOpen },
      props: { className: 'candor-tool-call', role: 'group', 'aria-label': toolCallName(call) },
    })
    return <ToolCallContext.Provider value={toolCall}>{element}</ToolCallContext.Provider>
  },
)

export interface ToolCallHeadOwnProps {
  /** What the call is about. @default the state's words, else the first telling argument */
  gist?: ReactNode
  /** Beside the trigger: buttons that must not be inside one. */
  children?: ReactNode
}

/** State, name, gist and time; opens and closes the rest. Renders a `<div>` with a `<button>` in it. */
export const ToolCallHead: PartComponent<'div', ToolCallHeadOwnProps> = definePart<
  'div',
  ToolCallHeadOwnProps
>('ToolCall.Head', function ToolCallHead({ gist, children, ...rest }, ref) {
  const { call, run, open, setOpen, panelId } = useToolCall()
  const labels = useLabels()
  const Mark = markOf[moodOf[run.status]]
  const words = labels.toolStatus[run.status]
  const about =
    gist ??
    (words !== '' || run.status === 'arguments-streaming'
      ? words
      : toolCallGist(toolCallArguments(call, run)))
  return usePartElement('div', {
    ref,
    rest: {
      children: (
        <>
          <button
            aria-controls={panelId}
            aria-expanded={open}
            className="candor-tool-call-trigger candor-focusable"
            onClick={() => setOpen(!open)}
            type="button"
          >
            <span
              aria-label={labels.toolMark[run.status]}
              className="candor-tool-call-mark"
              // Drawn, not loaded.
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
              role="img"
              title={labels.toolMark[run.status]}
            >
              <Mark />
            </span>
            <span className="candor-tool-call-name">{toolCallName(call)}</span>
            <span className="candor-tool-call-gist">{about}</span>
            <ToolCallTime run={run} />
            <span className="candor-tool-call-chevron">
              <ChevronIcon />
            </span>
          </button>
          {children}
        </>
      ),
      ...rest,
    },
    props: { className: 'candor-tool-call-head' },
  })
})

function ToolCallTime({ run }: { run: ToolRun }): ReactNode {
  if (run.durationMs !== undefined)
    return <span className="candor-tool-call-time">{formatDuration(run.durationMs)}</span>
  if (run.status === 'running' && run.startedAt !== undefined) return <Elapsed since={run.startedAt} />
  return null
}

/** How often a running time is shown anew, in milliseconds: its last digit is a tenth of a second. */
const TICK_MS = 100

function Elapsed({ since }: { since: number }): ReactElement {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return <span className="candor-tool-call-time">{formatDuration(Math.max(0, now - since))}</span>
}

/** How far a running tool is: a line under the head, and its words. Nothing when it does not tell. */
export const ToolCallProgress: PartComponent<'div'> = definePart<'div'>(
  'ToolCall.Progress',
  function ToolCallProgress(rest, ref) {
    const { call, run } = useToolCall()
    const labels = useLabels()
    const { fraction, text } = run.progress ?? {}
    const element = usePartElement('div', {
      ref,
      rest: {
        children: (
          <>
            {fraction !== undefined && (
              // Not <progress>: its bar cannot be drawn alike in all browsers.
              <div
                aria-label={`${toolCallName(call)}: ${labels.progress}`}
                aria-valuemax={100}
                aria-valuemin={0}
                aria-valuenow={Math.round(fraction * 100)}
                className="candor-tool-call-bar"
                // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
                role="progressbar"
              >
                <span style={{ transform: `scaleX(${Math.min(1, Math.max(0, fraction))})` }} />
              </div>
            )}
            {text !== undefined && (
              <div className="candor-tool-call-row">
                <span className="candor-tool-call-key">{labels.progress}</span>
                <span className="candor-tool-call-value">{text}</span>
              </div>
            )}
          </>
        ),
        ...rest,
      },
      props: { className: 'candor-tool-call-progress' },
    })
    return run.status === 'running' && run.progress !== undefined ? element : null
  },
)

/** The arguments as keys and values, as far as they came. Renders a `<div>`. */
export const ToolCallArguments: PartComponent<'div'> = definePart<'div'>(
  'ToolCall.Arguments',
  function ToolCallArguments(rest, ref) {
    const { call, run } = useToolCall()
    const labels = useLabels()
    const value = toolCallArguments(call, run)
    const growing = run.status === 'arguments-streaming'
    return usePartElement('div', {
      ref,
      rest: {
        children: isRecord(value) ? (
          <Rows growing={growing} source={toolCallSource(call)} value={value} none={labels.noArguments} />
        ) : (
          <div className="candor-tool-call-row">
            <span className="candor-tool-call-value candor-tool-call-raw">
              {typeof value === 'string' ? value : <JsonView value={value} />}
              {growing && <Caret />}
            </span>
            {typeof value === 'string' && !growing && call.type !== 'custom' && (
              <span className="candor-tool-call-note">{labels.invalidArguments}</span>
            )}
          </div>
        ),
        ...rest,
      },
      props: { className: 'candor-tool-call-section', role: 'group', 'aria-label': labels.arguments },
    })
  },
)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface RowsProps {
  value: Record<string, unknown>
  growing: boolean
  source: string
  none: string
}

function Rows({ value, growing, source, none }: RowsProps): ReactNode {
  const entries = Object.entries(value)
  if (entries.length === 0) {
    return <div className="candor-tool-call-row candor-tool-call-note">{growing ? <Caret /> : none}</div>
  }
  return (
    <div className="candor-tool-call-rows">
      {entries.map(([key, field], position) => {
        const isLast = growing && position === entries.length - 1
        return (
          <div className="candor-tool-call-row" key={key}>
            <span className="candor-tool-call-key">{key}</span>
            <span className="candor-tool-call-value">
              {isLast && typeof field === 'string' ? (
                openString(field, source)
              ) : (
                <JsonView render={<span />} value={field} />
              )}
              {isLast && <Caret />}
            </span>
          </div>
        )
      })}
    </div>
  )
}

/** A string that may still grow has no closing quote until the model wrote it. */
function openString(text: string, source: string): string {
  const quoted = JSON.stringify(text)
  const isClosed = text !== '' && /"\s*[,}]?\s*$/.test(source)
  return isClosed ? quoted : quoted.slice(0, -1)
}

/** What the tool returned. Nothing before that. Renders a `<div>`. */
export const ToolCallResult: PartComponent<'div'> = definePart<'div'>(
  'ToolCall.Result',
  function ToolCallResult(rest, ref) {
    const { run } = useToolCall()
    const labels = useLabels()
    const element = usePartElement('div', {
      ref,
      rest: {
        children: (
          <div className="candor-tool-call-row">
            <span className="candor-tool-call-key">{labels.result}</span>
            <span className="candor-tool-call-value candor-tool-call-result">
              <JsonView value={asJson(run.result)} />
            </span>
          </div>
        ),
        ...rest,
      },
      props: { className: 'candor-tool-call-section' },
    })
    return run.status === 'done' && run.result !== undefined ? element : null
  },
)

/** A result that is JSON as text is read as JSON: that is how tools mostly return it. */
function asJson(result: unknown): unknown {
  if (typeof result !== 'string' || !/^\s*[[{]/.test(result)) return result
  try {
    return JSON.parse(result) as unknown
  } catch {
    return result
  }
}

/** What went wrong, as the model was told. Nothing when nothing did. Renders a `<div>`. */
export const ToolCallError: PartComponent<'div'> = definePart<'div'>(
  'ToolCall.Error',
  function ToolCallError(rest, ref) {
    const { run } = useToolCall()
    const element = usePartElement('div', {
      ref,
      rest: { children: run.errorText, ...rest },
      props: { className: 'candor-tool-call-section candor-tool-call-error', dir: 'auto' },
    })
    return run.errorText === undefined ? null : element
  },
)

export interface ToolCallApprovalOwnProps {
  onApprove: () => void
  /** The reason, when one is given, is told to the model. */
  onDeny: (reason?: string) => void
}

/** The question whether to run it. Only while that is open. Renders a `<div>`. */
export const ToolCallApproval: PartComponent<'div', ToolCallApprovalOwnProps> = definePart<
  'div',
  ToolCallApprovalOwnProps
>('ToolCall.Approval', function ToolCallApproval({ onApprove, onDeny, ...rest }, ref) {
  const { run } = useToolCall()
  const labels = useLabels()
  const element = usePartElement('div', {
    ref,
    rest: {
      children: (
        <>
          <span className="candor-tool-call-question">{labels.approvalQuestion}</span>
          <span className="candor-tool-call-actions">
            <Button onClick={() => onDeny()}>{labels.deny}</Button>
            <Button onClick={() => onApprove()} variant="primary">
              {labels.allow}
            </Button>
          </span>
        </>
      ),
      ...rest,
    },
    props: { className: 'candor-tool-call-section candor-tool-call-approval' },
  })
  return run.status === 'waiting-for-approval' ? element : null
})

export interface ToolCallResultFormOwnProps {
  /** Called with what the reader gives: a JSON value where the text is JSON, else the text. */
  onResult: (result: unknown) => void
}

/** A field for a result that the reader must give. Only while that is open. Renders a `<form>`. */
export const ToolCallResultForm: PartComponent<'form', ToolCallResultFormOwnProps> = definePart<
  'form',
  ToolCallResultFormOwnProps
>('ToolCall.ResultForm', function ToolCallResultForm({ onResult, ...rest }, ref) {
  const { call, run } = useToolCall()
  const labels = useLabels()
  const [text, setText] = useState('')
  const element = usePartElement('form', {
    ref,
    rest: {
      children: (
        <>
          <input
            aria-label={`${toolCallName(call)}: ${labels.provideResult}`}
            className="candor-field candor-focusable"
            onChange={(event) => setText(event.currentTarget.value)}
            placeholder={labels.provideResult}
            value={text}
          />
          <Button disabled={text.trim() === ''} type="submit" variant="primary">
            {labels.giveResult}
          </Button>
        </>
      ),
      ...rest,
    },
    props: {
      className: 'candor-tool-call-section candor-tool-call-approval',
      onSubmit: (event) => {
        event.preventDefault()
        if (text.trim() !== '') onResult(valueOf(text))
      },
    },
  })
  return run.status === 'waiting-for-result' ? element : null
})

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

export interface ToolCallOwnProps
  extends Omit<ToolCallRootOwnProps, 'children'>, Pick<ToolCallHeadOwnProps, 'gist'> {
  /** Allows a call that waits for approval. Without it the question is not asked here. */
  onApprove?: () => void
  /** Denies a call that waits for approval. */
  onDeny?: (reason?: string) => void
  /** Gives the result of a call that waits for one. */
  onResult?: (result: unknown) => void
  /** Stops a running tool. */
  onStop?: () => void
  /** Runs a failed tool again. */
  onRetry?: () => void
  /** Opens the arguments of a failed call for a change. */
  onEditArguments?: () => void
}

interface ToolCallComponent extends PartComponent<'div', ToolCallOwnProps> {
  Root: typeof ToolCallRoot
  Head: typeof ToolCallHead
  Progress: typeof ToolCallProgress
  Arguments: typeof ToolCallArguments
  Result: typeof ToolCallResult
  Error: typeof ToolCallError
  Approval: typeof ToolCallApproval
  ResultForm: typeof ToolCallResultForm
}

/** A tool call as a card, ready made. Renders again only when the call or its run is another object. */
export const ToolCall: ToolCallComponent = /* @__PURE__ */ Object.assign(
  memoPart(
    definePart<'div', ToolCallOwnProps>(
      'ToolCall',
      function ToolCall(
        { gist, onApprove, onDeny, onResult, onStop, onRetry, onEditArguments, ...rest },
        ref,
      ) {
        const labels = useLabels()
        const status = rest.run?.status ?? 'done'
        const canFix = moodOf[status] === 'failed' && (onRetry !== undefined || onEditArguments !== undefined)
        return (
          <ToolCallRoot ref={ref} {...rest}>
            <ToolCallHead {...(gist === undefined ? {} : { gist })}>
              {status === 'running' && onStop !== undefined && (
                <Button className="candor-tool-call-stop" onClick={() => onStop()}>
                  {labels.stopTool}
                </Button>
              )}
            </ToolCallHead>
            <ToolCallBody>
              <ToolCallProgress />
              <ToolCallArguments />
              <ToolCallResult />
              <ToolCallError />
              {onApprove !== undefined && onDeny !== undefined && (
                <ToolCallApproval onApprove={onApprove} onDeny={onDeny} />
              )}
              {onResult !== undefined && <ToolCallResultForm onResult={onResult} />}
              {canFix && (
                <div className="candor-tool-call-section candor-tool-call-actions">
                  {onEditArguments !== undefined && (
                    <Button onClick={() => onEditArguments()}>{labels.editArguments}</Button>
                  )}
                  {onRetry !== undefined && <Button onClick={() => onRetry()}>{labels.tryAgain}</Button>}
                </div>
              )}
            </ToolCallBody>
          </ToolCallRoot>
        )
      },
    ),
  ),
  {
    Root: ToolCallRoot,
    Head: ToolCallHead,
    Progress: ToolCallProgress,
    Arguments: ToolCallArguments,
    Result: ToolCallResult,
    Error: ToolCallError,
    Approval: ToolCallApproval,
    ResultForm: ToolCallResultForm,
  },
)

function ToolCallBody({ children }: { children: ReactNode }): ReactElement {
  const { open, panelId } = useToolCall()
  return (
    <div className="candor-tool-call-body" hidden={!open} id={panelId}>
      {children}
    </div>
  )
}
