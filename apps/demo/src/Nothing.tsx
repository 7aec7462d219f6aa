import type { ReactNode } from 'react'

/** Says why a view is empty and what fills it. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className="nothing">{children}</p>
}
