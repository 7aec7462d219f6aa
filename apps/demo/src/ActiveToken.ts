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
  /** Lets an answer go on from another beginning; absent while nothing can be asked, or the server knows no such thing. */
  branch: ((messageId: string, beginning: string) => void) | undefined
  /** The answer under which a reader who has not looked at any token yet is told how. */
  tipFor: string | undefined
}

export const ActiveTokenContext = createContext<ActiveTokenState>({
  active: undefined,
  look: () => {},
  branch: undefined,
  tipFor: undefined,
})

export function useActiveToken(): ActiveTokenState {
  return useContext(ActiveTokenContext)
}
