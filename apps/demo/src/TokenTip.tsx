import { useState } from 'react'

import { useActiveToken } from './ActiveToken.ts'

const LOOKED = 'candor-demo/looked'

/** Tells a newcomer, under the last answer, that its words can be looked into. */
export function TokenTip({ messageId }: { messageId: string }) {
  const { tipFor } = useActiveToken()
  return tipFor === messageId ? (
    <p className="token-tip">Press a coloured word to see what the model almost said there.</p>
  ) : null
}

/** Whether the reader has looked at a token in this browser, and how to say so. */
export function useLooked(): [hasLooked: boolean, setHasLooked: (looked: true) => void] {
  const [hasLooked, setHasLooked] = useState(() => {
    try {
      return localStorage.getItem(LOOKED) !== null
    } catch {
      return false
    }
  })
  return [
    hasLooked,
    (looked) => {
      setHasLooked(looked)
      try {
        localStorage.setItem(LOOKED, 'yes')
      } catch {
        // Told again at the next visit.
      }
    },
  ]
}
