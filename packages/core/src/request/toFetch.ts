import type { ChatCompletionParams } from '../wire.ts'
import { exportedCall, type ExportTarget } from './exportedCall.ts'
import { javaScriptLiteral, javaScriptText, type JavaScriptStyle } from './javaScriptLiteral.ts'

/** A request as JavaScript with `fetch`: a module that Node runs as printed. */
export function toFetch(request: ChatCompletionParams, target: ExportTarget): string {
  const call = exportedCall(request, target)
  const style: JavaScriptStyle = {
    key: `process.env.${call.keyVariable ?? 'API_KEY'}`,
    secrets: call.secrets,
  }
  const headers = call.headers.map(
    ([name, value]) =>
      `    ${/^[A-Za-z]+$/.test(name) ? name : `'${name}'`}: ${javaScriptText(value, style)},\n`,
  )
  const read =
    request.stream === true
      ? 'for await (const text of response.body.pipeThrough(new TextDecoderStream())) process.stdout.write(text)'
      : 'console.log(JSON.stringify(await response.json(), null, 2))'
  return `const response = await fetch(${javaScriptText(call.url, style)}, {
  method: 'POST',
  headers: {
${headers.join('')}  },
  body: JSON.stringify(${javaScriptLiteral(call.body, style, '  ')}),
})
if (!response.ok) throw new Error(\`\${response.status} \${await response.text()}\`)
${read}
`
}
