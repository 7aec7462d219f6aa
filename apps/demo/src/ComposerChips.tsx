import { Popover } from '@base-ui/react/popover'

import type { Target } from './connection.ts'
import { FigureField } from './FigureField.tsx'
import { figure, type Settings } from './settings.ts'

export interface ComposerChipsProps {
  settings: Settings
  target: Target
  onSettings: (change: Partial<Settings>) => void
}

/** The two settings that are changed most often, where the message is written. */
export function ComposerChips({ settings, target, onSettings }: ComposerChipsProps) {
  const temperature = figure(settings, target.defaults, 'temperature')
  return (
    <fieldset className="chips" aria-label="Settings">
      <Popover.Root>
        <Popover.Trigger className="chip">
          temperature {temperature === undefined ? 'not sent' : temperature}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner
            className="popover-place"
            side="top"
            align="start"
            sideOffset={8}
            collisionPadding={12}
          >
            <Popover.Popup className="popover" aria-label="Temperature">
              <FigureField
                name="temperature"
                hint="0 to 2. How freely tokens are drawn; 0 takes the likeliest."
                min={0}
                max={2}
                step={0.1}
                neutral={1}
                value={temperature}
                onChange={(value) => onSettings({ figures: { ...settings.figures, temperature: value } })}
              />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      <button
        type="button"
        className="chip"
        aria-pressed={settings.format !== 'text'}
        title={
          settings.format === 'text' ? 'Answer in words. Press for JSON.' : 'Answer in JSON. Press for words.'
        }
        onClick={() => onSettings({ format: settings.format === 'text' ? 'json_object' : 'text' })}
      >
        {settings.format === 'text'
          ? 'JSON off'
          : settings.format === 'json_object'
            ? 'JSON'
            : 'JSON by schema'}
      </button>
    </fieldset>
  )
}
