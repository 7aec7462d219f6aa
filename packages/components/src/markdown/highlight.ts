import type { LanguageFn } from 'highlight.js'
import { createElement, type ReactNode } from 'react'

type Load = () => Promise<{ default: LanguageFn }>

const bash: Load = () => import('highlight.js/lib/languages/bash')
const c: Load = () => import('highlight.js/lib/languages/c')
const cpp: Load = () => import('highlight.js/lib/languages/cpp')
const csharp: Load = () => import('highlight.js/lib/languages/csharp')
const css: Load = () => import('highlight.js/lib/languages/css')
const diff: Load = () => import('highlight.js/lib/languages/diff')
const go: Load = () => import('highlight.js/lib/languages/go')
const ini: Load = () => import('highlight.js/lib/languages/ini')
const java: Load = () => import('highlight.js/lib/languages/java')
const javascript: Load = () => import('highlight.js/lib/languages/javascript')
const json: Load = () => import('highlight.js/lib/languages/json')
const kotlin: Load = () => import('highlight.js/lib/languages/kotlin')
const markdown: Load = () => import('highlight.js/lib/languages/markdown')
const php: Load = () => import('highlight.js/lib/languages/php')
const python: Load = () => import('highlight.js/lib/languages/python')
const ruby: Load = () => import('highlight.js/lib/languages/ruby')
const rust: Load = () => import('highlight.js/lib/languages/rust')
const sql: Load = () => import('highlight.js/lib/languages/sql')
const swift: Load = () => import('highlight.js/lib/languages/swift')
const typescript: Load = () => import('highlight.js/lib/languages/typescript')
const xml: Load = () => import('highlight.js/lib/languages/xml')
const yaml: Load = () => import('highlight.js/lib/languages/yaml')

/** Each language is a chunk of its own, loaded when an answer first uses it. */
const languages: Readonly<Record<string, readonly [name: string, load: Load]>> = {
  bash: ['bash', bash],
  sh: ['bash', bash],
  shell: ['bash', bash],
  zsh: ['bash', bash],
  console: ['bash', bash],
  c: ['c', c],
  h: ['c', c],
  cpp: ['cpp', cpp],
  'c++': ['cpp', cpp],
  cs: ['csharp', csharp],
  csharp: ['csharp', csharp],
  'c#': ['csharp', csharp],
  css: ['css', css],
  diff: ['diff', diff],
  patch: ['diff', diff],
  go: ['go', go],
  golang: ['go', go],
  ini: ['ini', ini],
  toml: ['ini', ini],
  java: ['java', java],
  js: ['javascript', javascript],
  jsx: ['javascript', javascript],
  javascript: ['javascript', javascript],
  mjs: ['javascript', javascript],
  json: ['json', json],
  jsonc: ['json', json],
  json5: ['json', json],
  kotlin: ['kotlin', kotlin],
  kt: ['kotlin', kotlin],
  markdown: ['markdown', markdown],
  md: ['markdown', markdown],
  php: ['php', php],
  py: ['python', python],
  python: ['python', python],
  rb: ['ruby', ruby],
  ruby: ['ruby', ruby],
  rs: ['rust', rust],
  rust: ['rust', rust],
  sql: ['sql', sql],
  swift: ['swift', swift],
  ts: ['typescript', typescript],
  tsx: ['typescript', typescript],
  typescript: ['typescript', typescript],
  html: ['xml', xml],
  xml: ['xml', xml],
  svg: ['xml', xml],
  vue: ['xml', xml],
  yaml: ['yaml', yaml],
  yml: ['yaml', yaml],
}

/** Code above this many characters stays plain: highlighting it would stop the page for longer than a frame or two. */
const MAX_CHARACTERS = 60_000

/** Code as coloured elements, or `null` when the language is unknown or the code too long. Loads what it needs. */
export async function highlight(code: string, language: string): Promise<ReactNode | null> {
  const entry = Object.hasOwn(languages, language.toLowerCase())
    ? languages[language.toLowerCase()]
    : undefined
  if (entry === undefined || code.length > MAX_CHARACTERS) return null
  const [name, load] = entry
  const [{ default: hljs }, { default: define }] = await Promise.all([
    import('highlight.js/lib/core'),
    load(),
  ])
  if (hljs.getLanguage(name) === undefined) hljs.registerLanguage(name, define)
  return toElements(hljs.highlight(code, { language: name, ignoreIllegals: true }).value)
}

const unescaped: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
}

/**
 * The highlighter's HTML as elements. It writes nothing but `<span class>`, `</span>` and escaped text, so this reads
 * nothing else, and no HTML of an answer ever reaches the page as HTML.
 */
export function toElements(html: string): ReactNode {
  const stack: { className: string; children: ReactNode[] }[] = [{ className: '', children: [] }]
  for (const piece of html.split(/(<span class="[^"]*">|<\/span>)/)) {
    const top = stack.at(-1)!
    const opened = /^<span class="([^"]*)">$/.exec(piece)
    if (opened !== null) stack.push({ className: opened[1]!, children: [] })
    else if (piece === '</span>' && stack.length > 1) {
      stack.pop()
      const parent = stack.at(-1)!.children
      parent.push(createElement('span', { className: top.className, key: parent.length }, ...top.children))
    } else if (piece !== '')
      top.children.push(piece.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => unescaped[entity]!))
  }
  return stack[0]!.children
}
