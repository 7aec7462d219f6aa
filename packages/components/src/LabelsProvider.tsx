'use client'
import { createContext, useContext, useMemo, type ReactElement, type ReactNode } from 'react'

import { defaultLabels, type Labels } from './labels.ts'

const LabelsContext = createContext<Labels>(defaultLabels)

export interface LabelsProviderProps {
  /** The words to change; the others stay as the nearest provider above has them, else English. */
  labels?: Partial<Labels> | undefined
  children?: ReactNode
}

/** Changes words for all components below it: another language, another tone. */
export function LabelsProvider({ labels, children }: LabelsProviderProps): ReactElement {
  const inherited = useContext(LabelsContext)
  const merged = useMemo(() => (labels ? { ...inherited, ...labels } : inherited), [inherited, labels])
  return <LabelsContext.Provider value={merged}>{children}</LabelsContext.Provider>
}

/** The words in force here. */
export function useLabels(): Labels {
  return useContext(LabelsContext)
}
