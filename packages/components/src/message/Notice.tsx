'use client'
import type { ReactNode } from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'

export interface NoticeOwnProps {
  /** `warn` asks for a decision; `danger` says that something failed; `quiet` only says. @default 'quiet' */
  tone?: 'quiet' | 'warn' | 'danger'
  /** What happened, in bold. */
  heading?: ReactNode
  /** Figures and codes, in mono. */
  code?: ReactNode
  /** What to do, as buttons. */
  actions?: ReactNode
  children?: ReactNode
}

/** What happened, what is kept, what to do. */
export const Notice: PartComponent<'div', NoticeOwnProps> = definePart<'div', NoticeOwnProps>(
  'Notice',
  ({ tone = 'quiet', heading, code, actions, children, ...rest }, ref) =>
    usePartElement('div', {
      ref,
      rest: {
        children: (
          <>
            <p className="candor-notice-text">
              {heading !== undefined && <strong className="candor-notice-heading">{heading}</strong>}{' '}
              {children}
            </p>
            {(code !== undefined || actions !== undefined) && (
              <div className="candor-notice-foot">
                <span className="candor-notice-code">{code}</span>
                <span className="candor-notice-actions">{actions}</span>
              </div>
            )}
          </>
        ),
        ...rest,
      },
      state: { tone },
      props: { className: 'candor-notice', role: 'group' },
    }),
)
