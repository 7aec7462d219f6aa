import '../packages/components/src/styles.css'
import './preview.css'
import type { Decorator, Preview } from '@storybook/react-vite'
import { useEffect, type ReactElement, type ReactNode } from 'react'

/** The theme of the toolbar stands on the page's root, as an app would set it; `auto` leaves it to the system. */
function Theme({ theme, children }: { theme: string; children: ReactNode }): ReactElement {
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])
  return <>{children}</>
}

const withTheme: Decorator = (Story, { globals }) => (
  <Theme theme={String(globals['theme'])}>
    <Story />
  </Theme>
)

const preview: Preview = {
  tags: ['autodocs'],
  decorators: [withTheme],
  globalTypes: {
    theme: {
      description: 'Theme',
      toolbar: {
        title: 'Theme',
        icon: 'circlehollow',
        dynamicTitle: true,
        items: [
          { value: 'auto', title: 'Theme: auto' },
          { value: 'light', title: 'Theme: light' },
          { value: 'dark', title: 'Theme: dark' },
        ],
      },
    },
    replaySpeed: {
      description: 'How fast recordings are replayed',
      toolbar: {
        title: 'Replay',
        icon: 'fastforward',
        dynamicTitle: true,
        items: [
          { value: '0', title: 'Replay: at once' },
          { value: '0.25', title: 'Replay: ¼ speed' },
          { value: '1', title: 'Replay: as recorded' },
          { value: '4', title: 'Replay: 4 × speed' },
        ],
      },
    },
  },
  initialGlobals: {
    // A run of the story tests may ask for one theme: STORYBOOK_THEME=dark.
    theme: import.meta.env['STORYBOOK_THEME'] ?? 'auto',
    // A test waits for what it expects, not for a clock.
    replaySpeed: import.meta.env.MODE === 'test' ? '0' : '1',
  },
  parameters: {
    layout: 'centered',
    a11y: { test: 'error' },
    backgrounds: { disable: true },
    controls: { expanded: true },
    options: { storySort: { order: ['Chat', ['Chat'], 'Text', 'Tools', 'Logprobs', 'Foundations'] } },
    viewport: {
      options: {
        phone: { name: 'Phone, 390', styles: { width: '390px', height: '844px' }, type: 'mobile' },
        narrow: { name: 'Narrowest, 320', styles: { width: '320px', height: '568px' }, type: 'mobile' },
        tablet: { name: 'Tablet, 820', styles: { width: '820px', height: '1180px' }, type: 'tablet' },
        desktop: { name: 'Desktop, 1280', styles: { width: '1280px', height: '800px' }, type: 'desktop' },
      },
    },
  },
}
export default preview
