import type { StorybookConfig } from '@storybook/react-vite'

import { propDocs } from './propDocs.ts'

const config: StorybookConfig = {
  stories: ['../packages/components/src/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: { name: '@storybook/react-vite', options: { strictMode: true } },
  features: { sidebarOnboardingChecklist: false },
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  // Our components are made by `definePart`, which Storybook's own readers do not know.
  typescript: { reactDocgen: false },
  viteFinal: (vite) => ({
    ...vite,
    plugins: [...(vite.plugins ?? []), propDocs()],
    resolve: {
      ...vite.resolve,
      conditions: ['@candor/source', 'module', 'browser', 'development|production'],
    },
  }),
}
export default config
