import { Tabs } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

import { Icon } from './Icon.tsx'

const TABS = [
  { name: 'tokens', words: 'Tokens' },
  { name: 'request', words: 'Request' },
  { name: 'stream', words: 'Stream' },
  { name: 'parameters', words: 'Parameters' },
] as const

export type InspectorTab = (typeof TABS)[number]['name']

export interface InspectorProps {
  tab: InspectorTab
  onTab: (tab: InspectorTab) => void
  /** What each tab shows; only the chosen one is rendered. */
  views: Record<InspectorTab, ReactNode>
  /** Present where the inspector lies over the thread. */
  onClose?: (() => void) | undefined
}

/** Everything about the chosen answer, and what the next one will be asked with. */
export function Inspector({ tab, onTab, views, onClose }: InspectorProps) {
  return (
    <aside className="inspector" aria-label="Inspector">
      <h2 className="visually-hidden">Inspector</h2>
      <Tabs.Root className="tabs" value={tab} onValueChange={(value: InspectorTab) => onTab(value)}>
        <div className="tabs-head">
          <Tabs.List className="tab-list" aria-label="Views of the answer">
            {TABS.map(({ name, words }) => (
              <Tabs.Tab key={name} value={name} className="tab">
                {words}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {onClose && (
            <button type="button" className="icon-button" aria-label="Close the inspector" onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </div>
        {TABS.map(({ name }) => (
          <Tabs.Panel key={name} value={name} className="tab-panel">
            {views[name]}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </aside>
  )
}
