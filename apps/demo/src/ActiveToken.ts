import { createContext, useContext } from 'react'

/** The token that the reader looks at, in the answer and in the inspector alike. */
export interface ActiveToken {
  messageId: string
  /** Its number in the answer's tokens. */
  index: number
}

export interface ActiveTokenState {
  active: ActiveToken | undefined
  look: (token: ActiveToken | undefined) => void
}

export const ActiveTokenContext = createContext<ActiveTokenState>({ active: undefined, look: () => {} })

export function useActiveToken(): ActiveTokenState {
  return useContext(ActiveTokenContext)
}
