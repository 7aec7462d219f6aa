import { Dialog } from '@base-ui/react/dialog'
import { useId, useState } from 'react'

import type { EndpointDraft, OwnModel } from './connection.ts'
import { ENDPOINT_PRESETS, presetOf } from './endpointPresets.ts'
import { Icon } from './Icon.tsx'
import { ModelField } from './ModelField.tsx'
import { OwnModelProgress } from './OwnModelProgress.tsx'
import { testEndpoint, tidyBaseUrl, type EndpointFinding } from './testEndpoint.ts'

export interface ConnectionPanelProps {
  open: boolean
  own: OwnModel
  /** What is typed, kept by the page so that closing the panel loses nothing. */
  draft: EndpointDraft
  /** Whether messages go to the typed address now. */
  usesEndpoint: boolean
  /** Asks an address, with its key, for the ids of its models; throws a `CompletionError`. */
  listModelIds: (endpoint: EndpointDraft) => Promise<readonly string[]>
  onDraft: (change: Partial<EndpointDraft>) => void
  onUseOwn: () => void
  onUseEndpoint: (endpoint: EndpointDraft) => void
  onStart: () => void
  onStop: () => void
  onClose: () => void
}

/** What the demo talks to: the model that it started, or any address. */
export function ConnectionPanel(props: ConnectionPanelProps) {
  return (
    <Dialog.Root open={props.open} onOpenChange={(next) => !next && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <div className="dialog-head">
            <Dialog.Title>Connection</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <OwnModelCard {...props} />
          <EndpointForm {...props} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function OwnModelCard({ own, usesEndpoint, onUseOwn, onStart, onStop }: ConnectionPanelProps) {
  const id = useId()
  const fromEnvironment = own.state === 'ready' && own.kind === 'env'
  return (
    <section className="card" aria-labelledby={id} data-chosen={!usesEndpoint || undefined}>
      <div className="card-head">
        <h3 id={id}>{fromEnvironment ? 'From the environment' : 'Embedded model'}</h3>
        {!usesEndpoint && <span className="tag">in use</span>}
      </div>
      <p className="hint">{describe(own)}</p>
      <div className="own-model" data-state={own.state}>
        <OwnModelStatus own={own} />
        <div className="actions">
          {usesEndpoint && (
            <button type="button" className="button" onClick={onUseOwn}>
              Use this
            </button>
          )}
          {(own.state === 'stopped' || own.state === 'failed') && (
            <button type="button" className="button" onClick={onStart}>
              {own.state === 'failed' ? 'Start again' : 'Start'}
            </button>
          )}
          {own.state === 'ready' && !fromEnvironment && (
            <button type="button" className="button" onClick={onStop}>
              Stop
            </button>
          )}
        </div>
      </div>
    </section>
  )
}

function describe(own: OwnModel): string {
  if (own.state !== 'ready')
    return 'SmolLM2-135M-Instruct on llama.cpp, on this machine: no key, nothing leaves it.'
  const descriptions: Record<typeof own.kind, string> = {
    embedded: `${own.model} on llama.cpp, on this machine: no key, nothing leaves it.`,
    gguf: `${own.model} from your own file on llama.cpp, on this machine.`,
    env: `${own.model} at ${own.baseUrl ?? 'the address'} that CANDOR_BASE_URL names.`,
    none: 'The demo was started without a model.',
  }
  return descriptions[own.kind]
}

function OwnModelStatus({ own }: { own: OwnModel }) {
  switch (own.state) {
    case 'connecting':
      return <p>Asking the demo’s server how its model stands.</p>
    case 'preparing':
      return <OwnModelProgress own={own} />
    case 'ready':
      return <p>Ready.</p>
    case 'stopped':
      return <p>Stopped.</p>
    case 'failed':
      return (
        <p>
          {own.what} {own.hint}
        </p>
      )
    case 'none':
      return <p>The demo was started without a model.</p>
    case 'unreachable':
      return <p>The demo’s server does not answer. Start it again in the terminal.</p>
    default: {
      const unknown: never = own
      return unknown
    }
  }
}

function EndpointForm({
  draft,
  usesEndpoint,
  listModelIds,
  onDraft,
  onUseEndpoint,
  onClose,
}: ConnectionPanelProps) {
  const id = useId()
  const [models, setModels] = useState<readonly string[]>([])
  const [finding, setFinding] = useState<EndpointFinding | 'asking' | undefined>(undefined)
  const [missing, setMissing] = useState<'baseUrl' | 'model' | undefined>(undefined)
  const preset = presetOf(draft.baseUrl)

  async function test(baseUrl = tidyBaseUrl(draft.baseUrl)) {
    if (baseUrl === '') return setMissing('baseUrl')
    setMissing(undefined)
    onDraft({ baseUrl })
    setFinding('asking')
    const endpoint = { ...draft, baseUrl, model: draft.model.trim() }
    const found = await testEndpoint(endpoint, (address) => listModelIds({ ...endpoint, baseUrl: address }))
    setFinding(found)
    setModels(found.models)
    const [only] = found.models
    if (found.models.length === 1 && only !== undefined && draft.model === '') onDraft({ model: only })
  }

  function use() {
    const endpoint = {
      baseUrl: tidyBaseUrl(draft.baseUrl),
      apiKey: draft.apiKey.trim(),
      model: draft.model.trim(),
    }
    if (endpoint.baseUrl === '') return setMissing('baseUrl')
    if (endpoint.model === '') return setMissing('model')
    setMissing(undefined)
    onDraft(endpoint)
    onUseEndpoint(endpoint)
    onClose()
  }

  return (
    <form
      className="card"
      aria-labelledby={`${id}-title`}
      data-chosen={usesEndpoint || undefined}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        use()
      }}
    >
      <div className="card-head">
        <h3 id={`${id}-title`}>Any other endpoint</h3>
        {usesEndpoint && <span className="tag">in use</span>}
      </div>
      <fieldset className="chips" aria-label="Known servers">
        {ENDPOINT_PRESETS.map(({ profile: { id: profileId, name }, baseUrl }) => (
          <button
            key={profileId}
            type="button"
            className="chip"
            aria-pressed={preset?.profile.id === profileId}
            onClick={() => {
              setFinding(undefined)
              setModels([])
              onDraft(baseUrl === draft.baseUrl ? { baseUrl } : { baseUrl, model: '' })
            }}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-url`}>Base URL</label>
        <input
          id={`${id}-url`}
          className="input mono"
          type="url"
          inputMode="url"
          placeholder="http://localhost:8080/v1"
          spellCheck={false}
          autoComplete="off"
          value={draft.baseUrl}
          aria-invalid={missing === 'baseUrl'}
          aria-describedby={`${id}-finding`}
          onChange={(event) => {
            setFinding(undefined)
            onDraft({ baseUrl: event.target.value })
          }}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-key`}>
          Key {preset?.howToStart !== undefined && <span className="hint">most often none</span>}
        </label>
        <input
          id={`${id}-key`}
          className="input mono"
          type="password"
          autoComplete="off"
          data-1p-ignore
          disabled={draft.baseUrl.trim() === ''}
          value={draft.apiKey}
          aria-describedby={`${id}-key-hint`}
          onChange={(event) => {
            setFinding(undefined)
            onDraft({ apiKey: event.target.value })
          }}
        />
        <p id={`${id}-key-hint`} className="hint">
          {draft.baseUrl.trim() === ''
            ? 'Type the base URL first: a key belongs to one address.'
            : 'Kept in the memory of this tab only; a reload forgets it. It goes to this address and nowhere else; another address starts without it.'}
        </p>
      </div>
      <ModelField value={draft.model} models={models} onChange={(model) => onDraft({ model })} />
      <output id={`${id}-finding`} className="finding" data-verdict={verdict(finding, missing)}>
        {missing === 'baseUrl' && 'Type the base URL first: everything before /chat/completions.'}
        {missing === 'model' && 'Type the model’s name, or test the connection to choose from a list.'}
        {missing === undefined && finding === 'asking' && `Asking ${tidyBaseUrl(draft.baseUrl)} …`}
        {missing === undefined && typeof finding === 'object' && finding.sentence}
      </output>
      <div className="actions">
        {typeof finding === 'object' && finding.betterBaseUrl !== undefined && (
          <button type="button" className="button" onClick={() => void test(finding.betterBaseUrl)}>
            Use {finding.betterBaseUrl}
          </button>
        )}
        <button type="button" className="button" disabled={finding === 'asking'} onClick={() => void test()}>
          Test connection
        </button>
        <button type="submit" className="button button-primary">
          Use this endpoint
        </button>
      </div>
    </form>
  )
}

function verdict(
  finding: EndpointFinding | 'asking' | undefined,
  missing: string | undefined,
): EndpointFinding['verdict'] | undefined {
  if (missing !== undefined) return 'unusable'
  return typeof finding === 'object' ? finding.verdict : undefined
}
