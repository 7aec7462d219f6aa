'use client'
import { lazy, Suspense } from 'react'

import { Caret } from '../base/Caret.tsx'
import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import type { MarkdownOwnProps } from './MarkdownContent.tsx'

const load = (): Promise<typeof import('./MarkdownContent.tsx')> => import('./MarkdownContent.tsx')

const LazyContent = lazy(() => load().then((loaded) => ({ default: loaded.MarkdownContent })))

/** Fetches the renderer ahead of the first answer. */
export function preloadMarkdown(): void {
  // A failure shows, and is met, where the renderer is used.
  load().catch(() => undefined)
}

const PlainText = definePart<'div', MarkdownOwnProps>(
  'PlainText',
  ({ text, streaming = false, allowLink: _link, allowImage: _image, headingOffset: _offset, ...rest }, ref) =>
    usePartElement('div', {
      ref,
      rest: {
        children: (
          <>
            {text}
            {streaming && <Caret />}
          </>
        ),
        ...rest,
      },
      state: { streaming },
      props: { className: 'candor-markdown candor-plain', dir: 'auto' },
    }),
)

/**
 * Markdown that may still grow. Its renderer is a chunk of its own; until that is there the text stands plain.
 *
 * HTML in the answer is shown as text. Links open apart and carry no referrer; remote images are not loaded unless
 * allowed.
 */
export const Markdown: PartComponent<'div', MarkdownOwnProps> = definePart<'div', MarkdownOwnProps>(
  'Markdown',
  (props, ref) => (
    <Suspense fallback={<PlainText ref={ref} {...props} />}>
      <LazyContent ref={ref} {...props} />
    </Suspense>
  ),
)
