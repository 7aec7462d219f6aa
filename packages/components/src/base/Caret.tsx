import type { ReactElement } from 'react'

/** Where the next token will stand. */
export function Caret(): ReactElement {
  return <span aria-hidden="true" className="candor-caret" />
}
