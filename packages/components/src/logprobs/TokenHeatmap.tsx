'use client'
import type { TextUnit, TokenAlignment, TokenSeries, TopLogprob } from '@candor/core'
import {
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ClipboardEvent,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { describeUnit, unitOf } from './describeUnit.ts'
import { createHeatmapBlocks, type HeatmapBlock } from './heatmapBlocks.ts'
import { HeatmapText } from './HeatmapText.tsx'
import { useLogprobsLabels, type LogprobsLabels } from './LogprobsLabels.ts'
import { nextUnit } from './nextUnit.ts'
import { TokenAlternatives } from './TokenAlternatives.tsx'
import { boxesOf, scrollToUnit, selectedOffsets, unitAtPoint, wordOf, type Box } from './tokenGeometry.ts'
import { TokenPopover } from './TokenPopover.tsx'
import { useDismissal } from './useDismissal.ts'
import { usePlacement } from './usePlacement.ts'
import { useShownAlignment, useTokens, type TokensProps } from './useTokenAlignment.ts'
import { useTimer } from './useTimer.ts'

export interface TokenHeatmapOwnProps extends TokensProps {
  /** The text of the answer, from `message.content` (or `refusal`): what is shown is this, never the tokens. */
  text: string
  /** Whether more is coming: draws the caret. @default false */
  streaming?: boolean
  /** The token that is looked at, by its number in the series; `null` for none. */
  activeIndex?: number | null
  /** The token that is looked at at first. @default null */
  defaultActiveIndex?: number | null
  /** Called when the reader looks at another token, by pointer or key. */
  onActiveIndexChange?: (index: number | null) => void
  /** Whether the alternatives of the active token are shown. */
  open?: boolean
  /** Called when the alternatives appear or go. */
  onOpenChange?: (open: boolean) => void
  /** Called when the reader wants the answer to go on from a token with another one. */
  onBranch?: (top: TopLogprob, index: number) => void
  /** How many alternatives are shown at first. @default 5 */
  maxAlternatives?: number
  /** Whether `n`, `p`, `N`, `P` and `b` are keys of the view while it has the focus. @default true */
  letterKeys?: boolean
  /** Words to change. */
  labels?: Partial<LogprobsLabels>
}

/** How the alternatives came to be shown: by hovering they go with the pointer, otherwise they stay. */
type Opening = 'hover' | 'pinned'

/** Milliseconds for which the pointer rests on a token before its alternatives appear, or change, or go. */
const restToOpen = 150
const restToSwitch = 80
const restToClose = 220
/** Milliseconds after the last move of the cursor at which the token is said: a held key says one, not a hundred. */
const restToSay = 150

/**
 * An answer in which each token is marked by how much it surprised the model, with its alternatives at hand.
 *
 * The text stays whole: it can be selected, copied, searched and read aloud as if there were no tokens. One tab stop;
 * arrows move from token to token, Enter shows the alternatives, `n` and `p` find the next and previous doubt, `N` and
 * `P` a token that was not the likeliest. Renders a `<div role="group">`.
 */
export const TokenHeatmap: PartComponent<'div', TokenHeatmapOwnProps> = definePart<
  'div',
  TokenHeatmapOwnProps
>(
  'TokenHeatmap',
  function TokenHeatmap(
    {
      text,
      logprobs,
      part,
      series: givenSeries,
      streaming = false,
      activeIndex: controlledActive,
      defaultActiveIndex = null,
      onActiveIndexChange,
      open: controlledOpen,
      onOpenChange,
      onBranch,
      maxAlternatives,
      letterKeys = true,
      labels: ownLabels,
      ...rest
    },
    ref,
  ) {
    const labels = useLogprobsLabels(ownLabels)
    const series = useTokens({ logprobs, part, series: givenSeries })
    const alignment = useShownAlignment(series, text, streaming)
    const blocks = useBlocks(series, alignment)

    const root = useRef<HTMLDivElement>(null)
    const container = useRef<HTMLDivElement>(null)
    const ring = useRef<HTMLSpanElement>(null)
    const cursorElement = useRef<HTMLButtonElement>(null)
    const timer = useTimer()

    const [ownActive, setOwnActive] = useState(defaultActiveIndex)
    const active = controlledActive === undefined ? ownActive : controlledActive
    const [ownOpening, setOwnOpening] = useState<Opening>()
    const opening =
      controlledOpen === undefined ? ownOpening : controlledOpen ? (ownOpening ?? 'pinned') : undefined
    /** Where the cursor was last, to come back to; beyond the end after another answer took the place of this one. */
    const [cursor, setCursor] = useState(0)
    const at = Math.min(active ?? cursor, Math.max(0, series.length - 1))
    const unit = series.length === 0 ? undefined : unitOf(alignment, at)
    const isShown = active !== null && unit !== undefined && unit.end > unit.start
    const isOpen = opening !== undefined && isShown

    const measure = (): readonly Box[] =>
      isShown && container.current !== null
        ? boxesOf(container.current, blocks, wordOf(alignment.text, unit))
        : []
    usePlacement(ring, cursorElement, measure)
    const [said, say] = useSaid()

    const look = (index: number | null): void => {
      if (index !== null) setCursor(index)
      if (index === active) return
      setOwnActive(index)
      onActiveIndexChange?.(index)
    }
    const show = (next: Opening | undefined): void => {
      timer.clear()
      setOwnOpening(next)
      if ((next !== undefined) !== (opening !== undefined)) onOpenChange?.(next !== undefined)
    }
    const hasFocus = (): boolean => root.current?.contains(document.activeElement) === true
    const close = (): void => {
      show(undefined)
      if (!hasFocus()) look(null)
    }
    /** Escape anywhere, or a press outside. */
    const dismiss = (returnFocus: boolean): void => {
      const wasInside = hasFocus() && document.activeElement !== cursorElement.current
      show(undefined)
      if (returnFocus && wasInside) cursorElement.current?.focus({ preventScroll: true })
      else if (!hasFocus()) look(null)
    }
    useDismissal(isOpen, root, dismiss)

    // A token that somebody outside points at is brought into view.
    const isOwnMove = useRef(false)
    const isFocusedByPress = useRef(false)
    useLayoutEffect(() => {
      const isOwn = isOwnMove.current
      isOwnMove.current = false
      if (isOwn || controlledActive == null || container.current === null) return
      scrollToUnit(container.current, blocks, wordOf(alignment.text, unitOf(alignment, controlledActive)))
      // Only when it is another token: not when the text grows.
      // oxlint-disable-next-line react/exhaustive-deps
    }, [controlledActive])

    const unitUnder = (event: MouseEvent): TextUnit | undefined => {
      if (container.current === null) return undefined
      const found = unitAtPoint(container.current, blocks, alignment, event.clientX, event.clientY)
      return found === undefined ? undefined : alignment.unit(found)
    }

    const hover = (event: PointerEvent): void => {
      if (event.pointerType !== 'mouse' || event.buttons !== 0 || opening === 'pinned') return
      const { clientX, clientY } = event
      timer.set(opening === undefined ? restToOpen : restToSwitch, () => {
        if (container.current === null) return
        const found = unitAtPoint(container.current, blocks, alignment, clientX, clientY)
        if (found === undefined) {
          if (opening === 'hover') close()
          return
        }
        isOwnMove.current = true
        look(alignment.unit(found).from)
        show('hover')
      })
    }
    const leave = (): void => {
      if (opening === 'hover') timer.set(restToClose, close)
      else timer.clear()
    }

    const press = (event: MouseEvent): void => {
      // Who selects text wants text.
      if (document.getSelection()?.isCollapsed === false) return
      const under = unitUnder(event)
      if (
        under === undefined ||
        (opening === 'pinned' && active !== null && under.from <= active && active < under.to)
      ) {
        if (opening !== undefined) close()
        return
      }
      isOwnMove.current = true
      look(under.from)
      show('pinned')
      isFocusedByPress.current = true
      cursorElement.current?.focus({ preventScroll: true })
      isFocusedByPress.current = false
    }

    const moveTo = (index: number): void => {
      const target = alignment.unit(index)
      isOwnMove.current = true
      if (container.current !== null) scrollToUnit(container.current, blocks, wordOf(alignment.text, target))
      look(target.from)
      if (opening === 'hover') show(undefined)
      const { token, next } = describeUnit(series, alignment.text, target, labels)
      say(labels.announcement(token, next))
    }
    const steer = (event: KeyboardEvent<HTMLButtonElement>): void => {
      if (container.current === null || event.altKey || event.metaKey || alignment.unitCount === 0) return
      if (letterKeys && event.key === 'b' && onBranch !== undefined) {
        event.preventDefault()
        showPinned(true)
        return
      }
      const from = alignment.unitOfToken(at) ?? 0
      const to = nextUnit(event, {
        series,
        alignment,
        from,
        blocks,
        container: container.current,
        letterKeys,
      })
      if (to === undefined) return
      event.preventDefault()
      if (to !== from) moveTo(to)
    }
    const showPinned = (withFocus: boolean): void => {
      isOwnMove.current = true
      look(at)
      show('pinned')
      // The rows are there after this render.
      if (withFocus)
        requestAnimationFrame(() =>
          root.current?.querySelector<HTMLElement>('.candor-alternative-branch')?.focus(),
        )
    }

    const described = unit === undefined ? undefined : describeUnit(series, alignment.text, unit, labels)

    return usePartElement('div', {
      ref: [root, ref].flat(),
      rest: {
        children: (
          <>
            {/* The keys are those of the cursor, which is a button. */}
            {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
            <div
              ref={container}
              className="candor-heatmap-text"
              onClick={press}
              onCopy={(event) => copyText(event, blocks, alignment)}
              onPointerLeave={leave}
              onPointerMove={hover}
            >
              <HeatmapText blocks={blocks} streaming={streaming} />
            </div>
            <span ref={ring} aria-hidden="true" />
            {described !== undefined && alignment.unitCount > 0 && (
              <button
                ref={cursorElement}
                aria-expanded={isOpen}
                aria-haspopup="dialog"
                aria-label={labels.announcement(described.token, described.next)}
                className="candor-token-cursor"
                onBlur={(event: FocusEvent) => {
                  if (root.current?.contains(event.relatedTarget) === true) return
                  if (opening === undefined) look(null)
                }}
                onClick={() => (opening === 'pinned' ? show(undefined) : showPinned(onBranch !== undefined))}
                onFocus={() => {
                  if (isFocusedByPress.current) return
                  isOwnMove.current = true
                  look(at)
                }}
                onKeyDown={steer}
                type="button"
              />
            )}
            {isOpen && described !== undefined && (
              <TokenPopover
                anchor={() => measure()[0]}
                label={labels.alternatives(described.token.text)}
                onPointerEnter={timer.clear}
                onPointerLeave={leave}
              >
                <TokenAlternatives
                  key={unit.from}
                  index={unit.from}
                  labels={labels}
                  onBranch={onBranch}
                  series={series}
                  to={unit.to}
                  {...(maxAlternatives === undefined ? {} : { maxRows: maxAlternatives })}
                />
              </TokenPopover>
            )}
            <output className="candor-visually-hidden">{said}</output>
          </>
        ),
        ...rest,
      },
      state: { mode: series.length === 0 ? 'none' : alignment.mode, streaming, open: isOpen },
      props: { className: 'candor-heatmap', role: 'group', 'aria-label': labels.heatmap },
    })
  },
)

function useBlocks(series: TokenSeries, alignment: TokenAlignment): readonly HeatmapBlock[] {
  const [draft] = useState(createHeatmapBlocks)
  return useMemo(() => draft.update(series, alignment), [draft, series, alignment])
}

/** What is said aloud, a moment after the last call. */
function useSaid(): [said: string, say: (words: string) => void] {
  const [said, setSaid] = useState('')
  const timer = useTimer()
  return [said, (words) => timer.set(restToSay, () => setSaid(words))]
}

/** Blocks would add line breaks of their own to what is copied. */
function copyText(
  event: ClipboardEvent<HTMLElement>,
  blocks: readonly HeatmapBlock[],
  alignment: TokenAlignment,
): void {
  const selection = event.currentTarget.ownerDocument.getSelection()
  const offsets = selection === null ? undefined : selectedOffsets(event.currentTarget, blocks, selection)
  if (offsets === undefined) return
  event.clipboardData.setData('text/plain', alignment.text.slice(...offsets))
  event.preventDefault()
}
