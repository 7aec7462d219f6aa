import { useState } from 'react'

import { Icon } from './Icon.tsx'

const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

const NAMES: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' }

function chosenTheme(): Theme {
  const theme = document.documentElement.dataset['theme']
  return theme === 'light' || theme === 'dark' ? theme : 'auto'
}

/** Goes round auto, light and dark, and remembers it. `index.html` reads it before the first paint. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme)
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!

  function choose() {
    if (next === 'auto') {
      delete document.documentElement.dataset['theme']
      localStorage.removeItem('candor-theme')
    } else {
      document.documentElement.dataset['theme'] = next
      localStorage.setItem('candor-theme', next)
    }
    setTheme(next)
  }

  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Theme: ${NAMES[theme]}. Change to ${NAMES[next]}`}
      title={`Theme: ${NAMES[theme]}`}
      onClick={choose}
    >
      <Icon name={theme} />
    </button>
  )
}
