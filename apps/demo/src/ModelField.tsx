import { Autocomplete } from '@base-ui/react/autocomplete'
import { useId, useState } from 'react'

export interface ModelFieldProps {
  value: string
  /** The ids that the server lists; any other name can be typed all the same. */
  models: readonly string[]
  onChange: (value: string) => void
}

/** The model's name: from the server's list, or typed. */
export function ModelField({ value, models, onChange }: ModelFieldProps) {
  const id = useId()
  const [wantsList, setWantsList] = useState(false)
  // An open list takes the page behind it out of reach; one with nothing in it must not.
  const hasMatch = models.some((model) => model.toLowerCase().includes(value.trim().toLowerCase()))
  return (
    <div className="field">
      <label htmlFor={id}>Model</label>
      <Autocomplete.Root
        items={models}
        value={value}
        onValueChange={onChange}
        openOnInputClick
        open={wantsList && hasMatch}
        onOpenChange={setWantsList}
      >
        <Autocomplete.Input
          id={id}
          className="input"
          placeholder={models.length > 0 ? 'choose or type' : 'as the server names it'}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
        />
        <Autocomplete.Portal>
          <Autocomplete.Positioner className="suggestions-place" sideOffset={4}>
            <Autocomplete.Popup className="suggestions">
              <Autocomplete.List>
                {(model: string) => (
                  <Autocomplete.Item key={model} className="suggestion" value={model}>
                    {model}
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </div>
  )
}
