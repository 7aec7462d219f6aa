import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactElement } from 'react'

import { Button } from './base/Button.tsx'

const colours = [
  'background',
  'surface',
  'surface-2',
  'line',
  'line-strong',
  'ink',
  'ink-2',
  'ink-3',
  'accent',
  'accent-soft',
  'ok',
  'warn',
  'warn-soft',
  'danger',
  'danger-soft',
  'heat-1',
  'heat-2',
  'heat-3',
  'heat-4',
]

function Palette(): ReactElement {
  return (
    <ul className="story-palette">
      {colours.map((name) => (
        <li key={name}>
          <span className="story-swatch" style={{ background: `var(--candor-${name})` }} />
          <code>--candor-{name}</code>
        </li>
      ))}
    </ul>
  )
}

/** Paper, ink, one accent; amber is doubt. Override any of these custom properties on any element. */
const meta: Meta<typeof Palette> = { title: 'Foundations/Tokens', component: Palette }
export default meta

export const Colours: StoryObj = {}

export const Buttons: StoryObj = {
  render: () => (
    <div className="story-row">
      <Button variant="primary">Allow</Button>
      <Button>Deny</Button>
      <Button variant="quiet">Take back</Button>
      <Button disabled>Retry</Button>
    </div>
  ),
}
