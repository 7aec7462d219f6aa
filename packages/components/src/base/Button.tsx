'use client'
import type { ReactNode } from 'react'

import { definePart, usePartElement, type PartComponent } from './definePart.ts'

export interface ButtonOwnProps {
  /** `primary` is for the one thing that needs the reader; `icon` is square and quiet. @default 'outline' */
  variant?: 'primary' | 'outline' | 'quiet' | 'icon'
  /** The name of a button that shows only an icon; also its tooltip. */
  label?: string
  /** For a button that stays down: whether it is. */
  pressed?: boolean
  children?: ReactNode
}

/** A button in the look of the other components. */
export const Button: PartComponent<'button', ButtonOwnProps> = definePart<'button', ButtonOwnProps>(
  'Button',
  ({ variant = 'outline', label, pressed, ...rest }, ref) =>
    usePartElement('button', {
      ref,
      rest,
      state: { variant, pressed },
      props: {
        type: 'button',
        className: 'candor-button',
        ...(label === undefined ? {} : { 'aria-label': label, title: label }),
        ...(pressed === undefined ? {} : { 'aria-pressed': pressed }),
      },
    }),
)
