'use client'
import { Button, type ButtonOwnProps } from '../base/Button.tsx'
import { CopyButton } from '../base/CopyButton.tsx'
import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { ChoicesIcon, EditIcon, RegenerateIcon, TokensIcon } from '../icons.tsx'
import { useLabels } from '../LabelsProvider.tsx'

/** A row of quiet buttons under a message. Renders a `<div role="group">`. */
export const ActionBarRoot: PartComponent<'div'> = definePart<'div'>(
  'ActionBar',
  function ActionBarRoot(rest, ref) {
    const labels = useLabels()
    return usePartElement('div', {
      ref,
      rest,
      props: { className: 'candor-action-bar', role: 'group', 'aria-label': labels.actions },
    })
  },
)

/** Asks for another answer beside this one. */
export const ActionBarRegenerate: PartComponent<'button', ButtonOwnProps> = definePart<
  'button',
  ButtonOwnProps
>('ActionBar.Regenerate', function ActionBarRegenerate(props, ref) {
  const labels = useLabels()
  return (
    <Button ref={ref} label={labels.regenerate} variant="icon" {...props}>
      {props.children ?? <RegenerateIcon />}
    </Button>
  )
})

/** Opens a message for a change. */
export const ActionBarEdit: PartComponent<'button', ButtonOwnProps> = definePart<'button', ButtonOwnProps>(
  'ActionBar.Edit',
  function ActionBarEdit(props, ref) {
    const labels = useLabels()
    return (
      <Button ref={ref} label={labels.edit} variant="icon" {...props}>
        {props.children ?? <EditIcon />}
      </Button>
    )
  },
)

/** Switches an answer between its text and the probabilities of its tokens; `pressed` says which is shown. */
export const ActionBarTokens: PartComponent<'button', ButtonOwnProps> = definePart<'button', ButtonOwnProps>(
  'ActionBar.Tokens',
  function ActionBarTokens(props, ref) {
    const labels = useLabels()
    return (
      <Button ref={ref} label={labels.showTokens} variant="icon" {...props}>
        {props.children ?? <TokensIcon />}
      </Button>
    )
  },
)

/** Switches an answer between all choices of its request and the one that goes on; `pressed` says whether all are shown. */
export const ActionBarChoices: PartComponent<'button', ButtonOwnProps> = definePart<'button', ButtonOwnProps>(
  'ActionBar.Choices',
  function ActionBarChoices(props, ref) {
    const labels = useLabels()
    return (
      <Button ref={ref} label={labels.showOneChoice} variant="icon" {...props}>
        {props.children ?? <ChoicesIcon />}
      </Button>
    )
  },
)

interface ActionBarComponent extends PartComponent<'div'> {
  Root: typeof ActionBarRoot
  Copy: typeof CopyButton
  Regenerate: typeof ActionBarRegenerate
  Edit: typeof ActionBarEdit
  Tokens: typeof ActionBarTokens
  Choices: typeof ActionBarChoices
}

/** What can be done with a message. */
export const ActionBar: ActionBarComponent = /* @__PURE__ */ Object.assign(
  definePart<'div'>('ActionBar', (props, ref) => <ActionBarRoot ref={ref} {...props} />),
  {
    Root: ActionBarRoot,
    Copy: CopyButton,
    Regenerate: ActionBarRegenerate,
    Edit: ActionBarEdit,
    Tokens: ActionBarTokens,
    Choices: ActionBarChoices,
  },
)
