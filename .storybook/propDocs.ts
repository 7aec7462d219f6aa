import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { parseSync, type Plugin } from 'vite'

/** A type, as Storybook's tables read it: how it is written, and what control fits it. */
type TypeDoc =
  | { name: string }
  | { name: 'signature'; type: 'function'; raw: string }
  | { name: 'union'; raw: string; elements: { name: 'literal'; value: string }[] }

interface PropDoc {
  description: string
  required: boolean
  tsType: TypeDoc
  defaultValue?: { value: string }
}

type PropDocs = Record<string, PropDoc>

/**
 * Writes each component's props, with the sentences above them, into the tables of the documentation.
 *
 * Storybook's own readers find function components or want the TypeScript compiler's old interface; ours are made by
 * `definePart` and have their own props in one interface each: `MessageFactsOwnProps` for `MessageFacts`.
 */
export function propDocs(): Plugin {
  return {
    name: 'candor:prop-docs',
    enforce: 'pre',
    transform(code, id) {
      const file = id.split('?')[0] ?? id
      if (!/packages\/components\/src\/.*\.tsx$/.test(file) || /\.(?:stories|test)\.tsx$/.test(file))
        return null
      const docs = componentDocs(code, file).map(
        ([name, props]) =>
          `${name}.__docgenInfo = ${JSON.stringify({ displayName: name, description: '', props })}`,
      )
      return docs.length === 0 ? null : { code: `${code}\n${docs.join('\n')}\n`, map: null }
    },
  }
}

/** The exported components of a file, with what their interfaces say. */
function componentDocs(code: string, file: string): [name: string, props: PropDocs][] {
  return parseSync(file, code).program.body.flatMap((statement): [string, PropDocs][] => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration')
      return []
    const id = statement.declaration.declarations[0]?.id
    if (id?.type !== 'Identifier' || !/^[A-Z][a-z]/.test(id.name)) return []
    const annotation = code.slice(id.start, id.end)
    const named = /PartComponent<\s*'[^']+',\s*(\w+)/.exec(annotation)?.[1] ?? `${id.name}OwnProps`
    const props = interfaceDocs(named, file)
    return Object.keys(props).length === 0 ? [] : [[id.name, props]]
  })
}

/** The fields of an interface and of those that it extends, looked up in the file and in what the file imports. */
function interfaceDocs(name: string, file: string): PropDocs {
  const code = readFileSync(file, 'utf8')
  const { program, comments } = parseSync(file, code)
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      const isSource = statement.specifiers.some(({ local }) => local.name === name)
      if (isSource && statement.source.value.startsWith('.')) {
        return interfaceDocs(name, resolve(dirname(file), statement.source.value))
      }
    }
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type !== 'TSInterfaceDeclaration' || declared.id.name !== name) continue
    const inherited = declared.extends.map(({ start, end }) => heritageDocs(code.slice(start, end), file))
    const docs: PropDocs = Object.assign({}, ...inherited)
    for (const field of declared.body.body) {
      if (field.type !== 'TSPropertySignature' || field.key.type !== 'Identifier') continue
      const above = comments.findLast(
        ({ end }) => end <= field.start && code.slice(end, field.start).trim() === '',
      )
      const [description = '', defaultValue] = (above?.value ?? '')
        .replace(/^\*|\n\s*\*/g, ' ')
        .split('@default')
        .map((text) => text.replace(/\s+/g, ' ').trim())
      const { typeAnnotation: type } = field
      docs[field.key.name] = {
        description,
        required: !field.optional,
        tsType: typeDoc(type == null ? 'unknown' : code.slice(type.start + 1, type.end).trim()),
        ...(defaultValue === undefined ? {} : { defaultValue: { value: defaultValue } }),
      }
    }
    return docs
  }
  return {}
}

/** `Some`, `Partial<Some>`, `Omit<Some, 'a' | 'b'>`, `Pick<Some, 'a'>`. */
function heritageDocs(source: string, file: string): PropDocs {
  const [, helper, name = source, keys = ''] =
    /^(Omit|Pick|Partial)<\s*(\w+)\s*(?:,([^>]*))?>/.exec(source) ?? []
  const listed = new Set([...keys.matchAll(/'([^']+)'/g)].map(([, key]) => key))
  const kept = Object.entries(interfaceDocs(name, file)).filter(
    ([key]) => helper === undefined || helper === 'Partial' || listed.has(key) === (helper === 'Pick'),
  )
  return Object.fromEntries(
    kept.map(([key, doc]) => [key, helper === 'Partial' ? { ...doc, required: false } : doc]),
  )
}

function typeDoc(raw: string): TypeDoc {
  if (raw.includes('=>')) return { name: 'signature', type: 'function', raw }
  const literals = raw.split('|').map((part) => part.trim())
  return literals.length > 1 && literals.every((part) => /^'[^']*'$/.test(part))
    ? { name: 'union', raw, elements: literals.map((value) => ({ name: 'literal', value })) }
    : { name: raw }
}
