import type { ChatCompletionParams } from '../wire.ts'
import { exportedCall, hide, KEY, type ExportedCall, type ExportTarget } from './exportedCall.ts'
import { javaScriptLiteral, javaScriptText, type JavaScriptStyle } from './javaScriptLiteral.ts'

/** A request as JavaScript with the `openai` package: a module that Node runs as printed where that is installed. */
export function toOpenAINode(request: ChatCompletionParams, target: ExportTarget): string {
  const call = exportedCall(request, target)
  const style: JavaScriptStyle = {
    key: `process.env.${call.keyVariable ?? 'API_KEY'}`,
    secrets: call.secrets,
  }
  const isAzure = call.profile?.id === 'azure'
  const settings = isAzure ? azureSettings(call, style) : settingsOf(call, style)
  const name = isAzure ? 'AzureOpenAI' : 'OpenAI'
  const create = `await client.chat.completions.create(${javaScriptLiteral(call.body, style)})`
  const read =
    request.stream === true
      ? `const stream = ${create}
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '')
`
      : `const completion = ${create}
console.log(JSON.stringify(completion, null, 2))
`
  return `import ${isAzure ? '{ AzureOpenAI }' : 'OpenAI'} from 'openai'

const client = new ${name}({
${settings.map((setting) => `  ${setting},\n`).join('')}})

${read}`
}

function settingsOf(call: ExportedCall, style: JavaScriptStyle): string[] {
  const { profile, keyVariable } = call
  const [base = '', query] = splitQuery(javaScriptText(call.baseURL, style))
  const isBearer = keyVariable !== null && profile?.auth === undefined
  const settings = [
    `baseURL: ${base}`,
    // The client insists on a key; a server without keys ignores it.
    `apiKey: ${isBearer ? style.key : "'none'"}`,
  ]
  if (query !== undefined) settings.push(`defaultQuery: Object.fromEntries(new URLSearchParams(${query}))`)
  const further = furtherHeaders(call)
  if (further.length > 0) {
    const headers = further.map(([name, value]) => `    '${name}': ${javaScriptText(value, style)},\n`)
    settings.push(`defaultHeaders: {\n${headers.join('')}  }`)
  }
  return settings
}

/** Headers that the client does not send by itself. */
function furtherHeaders({ headers, profile }: ExportedCall): ExportedCall['headers'] {
  return headers.filter(
    ([name, value]) =>
      name !== 'Content-Type' &&
      !(name === 'Authorization' && profile?.auth === undefined && value.includes(KEY)),
  )
}

/** A quoted address and its query, each quoted. */
function splitQuery(address: string): string[] {
  const [quote = "'"] = address
  const [base = '', query] = address.slice(1, -1).split('?')
  return [`${quote}${base}${quote}`, ...(query === undefined ? [] : [`${quote}${query}${quote}`])]
}

function azureSettings(call: ExportedCall, style: JavaScriptStyle): string[] {
  const [address = ''] = call.baseURL.map((piece) => (piece === KEY ? '' : piece))
  const version = new URLSearchParams(address.split('?')[1]).get('api-version')
  return [
    `endpoint: ${javaScriptText(hide(address.replace(/\/openai\/deployments\/.*$/, ''), call.secrets), style)}`,
    `apiVersion: '${version ?? ''}'`,
    `apiKey: ${call.keyVariable === null ? "'none'" : style.key}`,
  ]
}
