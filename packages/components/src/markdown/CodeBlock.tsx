'use client'
import { useEffect, useState, type ReactNode } from 'react'

import { Caret } from '../base/Caret.tsx'
import { CopyButton } from '../base/CopyButton.tsx'
import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLabels } from '../LabelsProvider.tsx'

export interface CodeBlockOwnProps {
  /** The code, without its fences. */
  code: string
  /** What stands behind the opening fence, such as `ts`. @default '' */
  language?: string
  /** Whether more may come: then it is shown plain, since colours that change with each token flicker. @default false */
  open?: boolean
}

/**
 * How long code stays the same before it is coloured, in milliseconds. A server that writes on after a tool call lets a
 * text grow that was taken to be whole: colouring it in each frame would double what a frame costs.
 */
const restMs = 50

/** A block of code: plain while it grows, coloured once it is closed, with a button that copies it. */
export const CodeBlock: PartComponent<'div', CodeBlockOwnProps> = definePart<'div', CodeBlockOwnProps>(
  'CodeBlock',
  function CodeBlock({ code, language = '', open = false, ...rest }, ref) {
    const labels = useLabels()
    const [coloured, setColoured] = useState<{ code: string; language: string; elements: ReactNode }>()
    useEffect(() => {
      if (open || language === '') return undefined
      let wanted = true
      // A chunk that does not load leaves the code plain, and whole.
      const colour = async (): Promise<void> => {
        const elements = await import('./highlight.ts')
          .then(({ highlight }) => highlight(code, language))
          .catch(() => null)
        if (wanted && elements !== null) setColoured({ code, language, elements })
      }
      const timer = setTimeout(() => void colour(), restMs)
      return () => {
        wanted = false
        clearTimeout(timer)
      }
    }, [code, language, open])

    const fits = !open && coloured?.code === code && coloured.language === language
    return usePartElement('div', {
      ref,
      rest: {
        children: (
          <>
            <div className="candor-code-head">
              <span className="candor-code-language">{language}</span>
              <CopyButton label={labels.copyCode} value={code} />
            </div>
            {/* What scrolls must be reachable by keyboard. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre className="candor-code-body candor-focusable" tabIndex={0}>
              <code>
                {fits ? coloured.elements : code}
                {open && <Caret />}
              </code>
            </pre>
          </>
        ),
        ...rest,
      },
      state: { open },
      props: { className: 'candor-code', dir: 'ltr' },
    })
  },
)
