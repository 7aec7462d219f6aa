'use client'
import { Button } from '../base/Button.tsx'
import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { NextIcon, PreviousIcon } from '../icons.tsx'
import { useLabels } from '../LabelsProvider.tsx'

export interface BranchPickerOwnProps {
  /** Which version is shown, counted from 0. */
  index: number
  /** How many versions there are. With fewer than two it renders nothing. */
  count: number
  /** Called with the position of the version to show, from 0. */
  onSelect: (index: number) => void
}

/** ‹ 2 / 3 ›: goes through the versions of a message. */
export const BranchPicker: PartComponent<'div', BranchPickerOwnProps> = definePart<
  'div',
  BranchPickerOwnProps
>('BranchPicker', function BranchPicker({ index, count, onSelect, ...rest }, ref) {
  const labels = useLabels()
  // At an end a button keeps the focus that it has: it is only said to be of no use.
  const select = (version: number): void => {
    if (version >= 0 && version < count) onSelect(version)
  }
  const element = usePartElement('div', {
    ref,
    rest: {
      children: (
        <>
          <Button
            aria-disabled={index <= 0}
            label={labels.previousBranch}
            onClick={() => select(index - 1)}
            variant="icon"
          >
            <PreviousIcon />
          </Button>
          <bdi className="candor-branch-position" dir="ltr">
            {labels.branchPosition(index + 1, count)}
          </bdi>
          <Button
            aria-disabled={index >= count - 1}
            label={labels.nextBranch}
            onClick={() => select(index + 1)}
            variant="icon"
          >
            <NextIcon />
          </Button>
        </>
      ),
      ...rest,
    },
    props: { className: 'candor-branch-picker', role: 'group', 'aria-label': labels.branches },
  })
  return count < 2 ? null : element
})
