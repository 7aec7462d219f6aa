import { useState } from 'react'

import { Icon } from './Icon.tsx'

/** Copies a text and says so until the pointer or the focus leaves. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const said = { idle: label, copied: 'Copied', failed: 'The browser did not allow copying' }[state]
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={said}
      title={said}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setState('copied'),
          () => setState('failed'),
        )
      }}
      onPointerLeave={() => setState('idle')}
      onBlur={() => setState('idle')}
    >
      <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'close' : 'copy'} />
    </button>
  )
}
