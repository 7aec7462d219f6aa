import { hasKey, hide, KEY, type KeyedText } from './exportedCall.ts'

/** How keys are written in JavaScript. */
export interface JavaScriptStyle {
  /** The expression that gives the key, such as `process.env.API_KEY`. */
  readonly key: string
  /** Texts in whose place the key stands. */
  readonly secrets: readonly string[]
}

/** A JSON value as a JavaScript expression over several lines; bigints are written so that `JSON.stringify` keeps them. */
export function javaScriptLiteral(value: unknown, style: JavaScriptStyle, indent = ''): string {
  if (typeof value === 'bigint') return `JSON.rawJSON('${value}')`
  if (typeof value === 'string') return javaScriptText(hide(value, style.secrets), style)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const members = isList
    ? value.map((item: unknown) => `${inner}${javaScriptLiteral(item, style, inner)},\n`)
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(
          ([name, member]) => `${inner}${propertyName(name)}: ${javaScriptLiteral(member, style, inner)},\n`,
        )
  const [open, close] = isList ? '[]' : '{}'
  return members.length === 0 ? `${open}${close}` : `${open}\n${members.join('')}${indent}${close}`
}

/** A text as a JavaScript expression, the key's value within it. */
export function javaScriptText(text: KeyedText, style: JavaScriptStyle): string {
  if (!hasKey(text)) return singleQuoted(text.join(''))
  if (text.length === 1) return style.key
  const pieces = text.map((piece) =>
    piece === KEY ? `\${${style.key}}` : escaped(piece).replaceAll(/`|\$(?=\{)/g, '\\$&'),
  )
  return `\`${pieces.join('')}\``
}

function singleQuoted(text: string): string {
  return `'${escaped(text).replaceAll("'", "\\'")}'`
}

/** JSON's escapes, so that line ends and half characters come through; quotes stand as they are. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
}

function propertyName(name: string): string {
  // A literal `__proto__` would set the prototype.
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : singleQuoted(name)
}
