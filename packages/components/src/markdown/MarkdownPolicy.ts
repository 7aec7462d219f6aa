'use client'
import { createContext, useContext } from 'react'

/** What an answer may do beyond being read. */
export interface MarkdownPolicy {
  /**
   * Whether an address in the answer becomes a link; else it is shown as text. Called with the address as written.
   * @default http, https and mailto
   */
  allowLink: (url: string) => boolean
  /**
   * Whether an image in the answer is loaded; else a placeholder with a link stands for it. A remote image tells its
   * server what the answer says, since the model writes the address: allow only servers that you trust.
   * @default only `data:` images
   */
  allowImage: (url: string) => boolean
  /** Added to the level of a heading, so that `#` does not compete with the page's own. @default 2 */
  headingOffset: number
}

export const defaultPolicy: MarkdownPolicy = {
  allowLink: (url) => /^(?:https?:|mailto:)/i.test(url),
  allowImage: (url) => /^data:image\//i.test(url),
  headingOffset: 2,
}

const PolicyContext: React.Context<MarkdownPolicy> = createContext(defaultPolicy)

export const MarkdownPolicyProvider: React.Provider<MarkdownPolicy> = PolicyContext.Provider

export function useMarkdownPolicy(): MarkdownPolicy {
  return useContext(PolicyContext)
}
