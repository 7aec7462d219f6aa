'use client'
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type FormEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { SendIcon, StopIcon } from '../icons.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { ComposerContext, useComposer } from './ComposerContext.ts'
import { useAutosize } from './useAutosize.ts'

export interface ComposerRootOwnProps {
  /**
   * Called with the text, never with none. Return `false`, or a promise that rejects or yields `false`, when it was not
   * taken: the text comes back into the field.
   */
  onSend: (text: string) => unknown
  /** Called by the stop button and Escape. Without it there is no way to stop. */
  onStop?: () => void
  /** Whether an answer is on its way: send turns into stop. @default false */
  busy?: boolean
  /** Whether what is typed can be sent now; it stays until it can. @default true */
  canSend?: boolean
  /** Takes no text at all. @default false */
  disabled?: boolean
  /** The text, when the app keeps it. */
  value?: string
  /** The text at first, such as a draft. @default '' */
  defaultValue?: string
  /** Called with every change of the text. */
  onValueChange?: (value: string) => void
  children?: ReactNode
}

/** Holds what is typed until it is safely taken. Renders a `<form>`. */
export const ComposerRoot: PartComponent<'form', ComposerRootOwnProps> = definePart<
  'form',
  ComposerRootOwnProps
>(
  'Composer.Root',
  function ComposerRoot(
    {
      onSend,
      onStop,
      busy = false,
      canSend = true,
      disabled = false,
      value,
      defaultValue = '',
      onValueChange,
      ...rest
    },
    ref,
  ) {
    const [ownValue, setOwnValue] = useState(defaultValue)
    const inputRef = useRef<HTMLTextAreaElement | null>(null)
    const text = value ?? ownValue
    const newestText = useRef(text)
    useEffect(() => {
      newestText.current = text
    }, [text])

    const setValue = useCallback(
      (next: string) => {
        newestText.current = next
        setOwnValue(next)
        onValueChange?.(next)
      },
      [onValueChange],
    )

    const submit = useCallback(() => {
      const sent = newestText.current
      if (!canSend || disabled || sent.trim() === '') return
      setValue('')
      // What was typed meanwhile stays, below what comes back.
      const giveBack = (): void => {
        const since = newestText.current
        setValue(since === '' ? sent : `${sent}\n${since}`)
      }
      const send = async (): Promise<void> => {
        let taken: unknown = false
        try {
          taken = await onSend(sent)
        } finally {
          if (taken === false) giveBack()
        }
      }
      void send()
    }, [canSend, disabled, onSend, setValue])

    const stop = useCallback(() => onStop?.(), [onStop])
    const composer = useMemo(
      () => ({
        value: text,
        setValue,
        busy,
        canSend,
        disabled,
        canStop: onStop !== undefined,
        inputRef,
        submit,
        stop,
      }),
      [text, setValue, busy, canSend, disabled, onStop, submit, stop],
    )

    const element = usePartElement('form', {
      ref,
      rest,
      state: { busy, disabled, empty: text === '' },
      props: {
        className: 'candor-composer',
        onSubmit: (event: FormEvent<HTMLFormElement>) => {
          event.preventDefault()
          submit()
        },
        // The whole box is the field: a click beside the words puts the cursor into it.
        onMouseDown: (event: MouseEvent<HTMLFormElement>) => {
          const { target } = event
          const isBar = target instanceof Element && target.classList.contains('candor-composer-bar')
          if (target === event.currentTarget || isBar) {
            event.preventDefault()
            inputRef.current?.focus()
          }
        },
      },
    })
    return <ComposerContext.Provider value={composer}>{element}</ComposerContext.Provider>
  },
)

/** What is typed. Enter sends, Shift Enter breaks the line, Escape stops. Renders a `<textarea>` that grows. */
export const ComposerInput: PartComponent<'textarea'> = definePart<'textarea'>(
  'Composer.Input',
  function ComposerInput(rest, ref) {
    const { value, setValue, busy, disabled, canStop, inputRef, submit, stop } = useComposer()
    const labels = useLabels()
    useAutosize(inputRef, value)
    return usePartElement('textarea', {
      ref: [inputRef, ref],
      rest,
      props: {
        className: 'candor-composer-input',
        'aria-label': labels.messageField,
        placeholder: labels.placeholder,
        rows: 1,
        // The words under the thumb on a phone's keyboard.
        enterKeyHint: 'send',
        value,
        disabled,
        onChange: (event) => setValue(event.currentTarget.value),
        onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => {
          // An input method's Enter and Escape choose or drop a word; 229 is how Safari says so after the fact.
          if (event.nativeEvent.isComposing || event.keyCode === 229) return
          if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
            event.preventDefault()
            submit()
          } else if (event.key === 'Escape' && busy && canStop) {
            event.preventDefault()
            stop()
          }
        },
      },
    })
  },
)

/** The row under the text: extras at the start, the button at the end. Renders a `<div>`. */
export const ComposerBar: PartComponent<'div'> = definePart<'div'>('Composer.Bar', (rest, ref) =>
  usePartElement('div', { ref, rest, props: { className: 'candor-composer-bar' } }),
)

/** Sends; while an answer is on its way it stops it. Renders a `<button>`. */
export const ComposerSend: PartComponent<'button'> = definePart<'button'>(
  'Composer.Send',
  function ComposerSend(rest, ref) {
    const { value, busy, canSend, disabled, canStop, stop } = useComposer()
    const labels = useLabels()
    const stops = busy && canStop
    const name = stops ? labels.stop : labels.send
    return usePartElement('button', {
      ref,
      rest: { children: stops ? <StopIcon /> : <SendIcon />, ...rest },
      state: { action: stops ? 'stop' : 'send' },
      props: {
        // One button throughout, so that it keeps the focus when its meaning turns.
        type: stops ? 'button' : 'submit',
        className: 'candor-composer-send candor-focusable',
        'aria-label': name,
        title: name,
        disabled: !stops && (!canSend || disabled || value.trim() === ''),
        onClick: (event) => {
          if (!stops) return
          event.preventDefault()
          stop()
        },
      },
    })
  },
)

/** One small line: what the keys do. Renders a `<p>`. */
export const ComposerHint: PartComponent<'p'> = definePart<'p'>('Composer.Hint', (rest, ref) =>
  usePartElement('p', { ref, rest, props: { className: 'candor-composer-hint' } }),
)

export interface ComposerOwnProps extends Omit<ComposerRootOwnProps, 'children'> {
  /** What may stand at the start of the lower row: an attach button, chips of settings. */
  start?: ReactNode
  /** What Enter does while an answer is on its way. @default labels.queueHint */
  busyHint?: ReactNode
  /** @default labels.placeholder */
  placeholder?: string
}

interface ComposerComponent extends PartComponent<'form', ComposerOwnProps> {
  Root: typeof ComposerRoot
  Input: typeof ComposerInput
  Bar: typeof ComposerBar
  Send: typeof ComposerSend
  Hint: typeof ComposerHint
}

/** One rounded box to write in, ready made. */
export const Composer: ComposerComponent = /* @__PURE__ */ Object.assign(
  definePart<'form', ComposerOwnProps>(
    'Composer',
    function Composer({ start, busyHint, placeholder, ...rest }, ref) {
      const labels = useLabels()
      return (
        <ComposerRoot ref={ref} {...rest}>
          <ComposerInput {...(placeholder === undefined ? {} : { placeholder })} />
          <ComposerBar>
            <div className="candor-composer-start">
              {start}
              {rest.busy === true && (
                <span className="candor-composer-busy">{busyHint ?? labels.queueHint}</span>
              )}
            </div>
            <ComposerSend />
          </ComposerBar>
        </ComposerRoot>
      )
    },
  ),
  { Root: ComposerRoot, Input: ComposerInput, Bar: ComposerBar, Send: ComposerSend, Hint: ComposerHint },
)
