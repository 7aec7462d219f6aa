import type { ChatCompletionParams } from '../wire.ts'
import {
  exportedCall,
  hasKey,
  hideInJson,
  KEY,
  prettyJson,
  type ExportTarget,
  type KeyedText,
} from './exportedCall.ts'

/** A request as a `curl` command for a POSIX shell; it runs as printed, however long the body is. */
export function toCurl(request: ChatCompletionParams, target: ExportTarget): string {
  const call = exportedCall(request, target)
  const variable = call.keyVariable ?? 'API_KEY'
  const word = (text: KeyedText): string => shellWord(text, variable)
  const body = hideInJson(prettyJson(call.body), call.secrets)
  // The shell changes nothing within a quoted here-document, and no line of JSON can end it: JSON has no bare words.
  const document = hasKey(body)
    ? `<<JSON\n${body.map((piece) => (piece === KEY ? `\${${variable}}` : piece.replaceAll(/[\\$`]/g, '\\$&'))).join('')}\nJSON`
    : `<<'JSON'\n${body.join('')}\nJSON`
  return [
    `curl ${word(call.url)}`,
    ...(request.stream === true ? ['--no-buffer'] : []),
    ...call.headers.map(([name, value]) => `--header ${word([`${name}: `, ...value])}`),
    `--data-binary @- ${document}`,
  ].join(' \\\n  ')
}

function shellWord(text: KeyedText, variable: string): string {
  if (!hasKey(text)) return `'${text.join('').replaceAll("'", "'\\''")}'`
  const pieces = text.map((piece) =>
    piece === KEY ? `\${${variable}}` : piece.replaceAll(/["\\$`]/g, '\\$&'),
  )
  return `"${pieces.join('')}"`
}
