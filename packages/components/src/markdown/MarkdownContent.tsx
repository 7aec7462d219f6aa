'use client'
import { memo, useMemo, useState } from 'react'

import { Caret } from '../base/Caret.tsx'
import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { createBlockParser, type MarkdownBlock } from './createBlockParser.ts'
import { defaultPolicy, MarkdownPolicyProvider, type MarkdownPolicy } from './MarkdownPolicy.ts'
import { Block } from './renderTokens.tsx'
import { textDirection } from './textDirection.ts'

export interface MarkdownOwnProps extends Partial<MarkdownPolicy> {
  /** The source, as far as it came. */
  text: string
  /** Whether more may come: shows the caret, and closes for the eye what is not closed yet. @default false */
  streaming?: boolean
}

/** A settled block never renders again. */
const BlockView = memo(function BlockView({ block }: { block: MarkdownBlock }) {
  return <Block caret={block.open ? <Caret /> : null} open={block.open} token={block.token} />
})

/** Markdown as elements, at once; `Markdown` is the same one, loaded when it is first needed. */
export const MarkdownContent: PartComponent<'div', MarkdownOwnProps> = definePart<'div', MarkdownOwnProps>(
  'MarkdownContent',
  function MarkdownContent(
    {
      text,
      streaming = false,
      allowLink = defaultPolicy.allowLink,
      allowImage = defaultPolicy.allowImage,
      headingOffset = defaultPolicy.headingOffset,
      ...rest
    },
    ref,
  ) {
    const [parser] = useState(createBlockParser)
    const blocks = useMemo(() => parser.parse(text, streaming), [parser, text, streaming])
    const policy = useMemo(
      () => ({ allowLink, allowImage, headingOffset }),
      [allowLink, allowImage, headingOffset],
    )
    const children = (
      <MarkdownPolicyProvider value={policy}>
        {blocks.map((block, position) => (
          <BlockView key={position} block={block} />
        ))}
        {streaming && blocks.length === 0 && <Caret />}
      </MarkdownPolicyProvider>
    )
    return usePartElement('div', {
      ref,
      rest: { children, ...rest },
      state: { streaming },
      props: { className: 'candor-markdown', dir: textDirection(text) ?? 'auto' },
    })
  },
)
