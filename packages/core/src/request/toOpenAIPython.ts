import type { ChatCompletionParams } from '../wire.ts'
import { exportedCall, hasKey, hide, KEY, type ExportTarget, type KeyedText } from './exportedCall.ts'
import { isParameterName } from './parameters.ts'

/** A request as Python with the `openai` package; it runs as printed where that is installed. */
export function toOpenAIPython(request: ChatCompletionParams, target: ExportTarget): string {
  const call = exportedCall(request, target)
  const { profile, secrets } = call
  const key = `os.environ["${call.keyVariable ?? 'API_KEY'}"]`
  const isAzure = profile?.id === 'azure'
  const isBearer = call.keyVariable !== null && profile?.auth === undefined
  const text = (keyed: KeyedText): string => pythonText(keyed, key)

  const [base, query] = splitQuery(call.baseURL)
  const settings = isAzure
    ? [
        `azure_endpoint=${text(base.slice(0, 1).map((piece) => (piece === KEY ? piece : piece.replace(/\/openai\/deployments\/.*$/, ''))))}`,
        `api_version=${JSON.stringify(new URLSearchParams(joined(query ?? [])).get('api-version') ?? '')}`,
        `api_key=${call.keyVariable === null ? '"none"' : key}`,
      ]
    : [`base_url=${text(base)}`, `api_key=${isBearer ? key : '"none"'}`]
  if (!isAzure && query !== undefined) settings.push(`default_query=dict(parse_qsl(${text(query)}))`)
  const further = call.headers.filter(
    ([name]) =>
      name !== 'Content-Type' && !(name === 'Authorization' && isBearer) && !(isAzure && name === 'api-key'),
  )
  if (further.length > 0) {
    const headers = further.map(([name, value]) => `        ${JSON.stringify(name)}: ${text(value)},\n`)
    settings.push(`default_headers={\n${headers.join('')}    }`)
  }

  const style = { key, secrets }
  const members = Object.entries(call.body).filter(([, value]) => value !== undefined)
  const named = members.filter(([name]) => isParameterName(name))
  const extra = members.filter(([name]) => !isParameterName(name))
  const args = named.map(([name, value]) => `    ${name}=${pythonLiteral(value, style, '    ')},\n`)
  if (extra.length > 0)
    args.push(`    extra_body=${pythonLiteral(Object.fromEntries(extra), style, '    ')},\n`)
  const create = `client.chat.completions.create(\n${args.join('')})`
  const read =
    request.stream === true
      ? `stream = ${create}
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
`
      : `completion = ${create}
print(completion.model_dump_json(indent=2))
`
  const name = isAzure ? 'AzureOpenAI' : 'OpenAI'
  const code = `client = ${name}(
${settings.map((setting) => `    ${setting},\n`).join('')})

${read}`
  const imports = [
    ...(code.includes('os.environ') ? ['import os'] : []),
    ...(code.includes('parse_qsl(') ? ['from urllib.parse import parse_qsl'] : []),
  ]
  return `${imports.length > 0 ? `${imports.join('\n')}\n\n` : ''}from openai import ${name}\n\n${code}`
}

interface PythonStyle {
  readonly key: string
  readonly secrets: readonly string[]
}

function pythonLiteral(value: unknown, style: PythonStyle, indent: string): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return pythonText(hide(value, style.secrets), style.key)
  if (typeof value === 'bigint' || typeof value === 'number') return `${value}`
  if (typeof value !== 'object') return 'None'
  const inner = `${indent}    `
  const isList = Array.isArray(value)
  const members = isList
    ? value.map((item: unknown) => `${inner}${pythonLiteral(item, style, inner)},\n`)
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${inner}${quoted(name)}: ${pythonLiteral(member, style, inner)},\n`)
  const [open, close] = isList ? '[]' : '{}'
  return members.length === 0 ? `${open}${close}` : `${open}\n${members.join('')}${indent}${close}`
}

function pythonText(text: KeyedText, key: string): string {
  if (!hasKey(text)) return quoted(joined(text))
  return text.map((piece) => (piece === KEY ? key : quoted(piece))).join(' + ')
}

/** JSON's escapes are Python's, but for DEL and the separators that some editors take for line ends. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function joined(text: KeyedText): string {
  return text.map((piece) => (piece === KEY ? '' : piece)).join('')
}

function splitQuery(address: KeyedText): [base: KeyedText, query?: KeyedText] {
  const at = address.findIndex((piece) => typeof piece === 'string' && piece.includes('?'))
  const piece = address[at]
  if (typeof piece !== 'string') return [address]
  const [before = '', ...after] = piece.split('?')
  return [
    [...address.slice(0, at), before],
    [after.join('?'), ...address.slice(at + 1)],
  ]
}
