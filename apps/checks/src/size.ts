/**
 * What an app pays for what it imports: each entry is bundled from the built packages, minified and gzipped. `initial`
 * is what loads with the page, `firstUse` what follows it in any case, both together; `lazy` is what loads when it is
 * first needed and has a limit of its own.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

import { rolldown, type OutputChunk } from 'rolldown'

interface SizeLimit {
  /** What an app imports, as it would write it. */
  name: string
  import: string
  /** Kilobytes (1,000 bytes), gzipped. */
  initial: number
  /** What the first use loads whatever it is, by the start of a chunk's name, and the limit of that and `initial`. */
  firstUse?: { name: string; chunk: string; limit: number }
  /** Chunks that load later, by the start of their names: with what, and the limit of each beyond all the above. */
  lazy?: { [chunk: string]: readonly [when: string, limit: number] }
}

const STREAM_PARTS: NonNullable<SizeLimit['lazy']> = {
  beyondText: ['with the first chunk that is more than text', 6.3],
  explainFailure: ['with the first failure', 3.4],
  issueSentences: ['with the first issue', 1.6],
  choiceLogprobs: ['with logprobs', 4.3],
}

const LIMITS: readonly SizeLimit[] = [
  {
    name: 'streams',
    import: '{ streamCompletion } from core',
    initial: 8,
    lazy: STREAM_PARTS,
  },
  { name: 'JSON as it comes in', import: '{ createJsonParser } from core', initial: 3 },
  { name: 'checked requests', import: '{ buildRequest } from core/request', initial: 16 },
  { name: 'one profile', import: '{ llamaCpp } from core/request', initial: 1.5 },
  { name: 'all profiles', import: '{ endpointProfiles } from core/request', initial: 7 },
  { name: 'tool arguments', import: '{ validateWithSchema } from core/request', initial: 4.5 },
  { name: 'strict schemas', import: '{ toStrictJsonSchema } from core/request', initial: 5.5 },
  { name: 'history', import: '{ toRequestMessages } from core/request', initial: 2 },
  { name: 'which server', import: '{ detectProfile } from core/request', initial: 9 },
  {
    name: 'requests as code',
    import: '{ toCurl, toFetch, toOpenAINode, toOpenAIPython, toHarEntry } from core/request',
    initial: 7,
  },
  { name: 'tokens', import: '{ countPromptTokens, logitBiasByWord } from core/request', initial: 2 },
  {
    name: 'core + hooks',
    import:
      '{ CandorProvider, useChatCompletion, useToolLoop, useMessage, useMessageIds, useChatStatus } from hooks',
    initial: 9.5,
    // Fetched while the page is read.
    firstUse: { name: 'all that a conversation of text loads', chunk: 'askModel', limit: 20 },
    lazy: {
      fullRequest: ['with what a first look at a request leaves open: the check and its sentences', 21],
      toolCalls: ['with tools', 9],
      toolRuns: ['with the first call of a tool', 3],
      persistChat: ['with a storage', 2.3],
      filesToParts: ['with files', 1.5],
      createJoin: ['with an answer that is continued, and its logprobs', 5],
      ...STREAM_PARTS,
    },
  },
  {
    name: 'base components',
    import:
      '{ Thread, Message, MessageFacts, Composer, ToolCall, ErrorNotice, ActionBar, BranchPicker } from components',
    initial: 25,
    lazy: { MarkdownContent: ['with Markdown', 25] },
  },
  {
    name: 'the whole chat',
    import: '{ Chat } from components/chat',
    initial: 30,
    lazy: { TokenHeatmap: ['with logprobs', 20] },
  },
]

// What the app has anyway.
const PEERS = ['react', 'react-dom', '@tanstack/react-query', '@candor/hooks']

const root = resolve(import.meta.dirname, '../../..')
const folder = await mkdtemp(join(root, 'node_modules/.candor-size-'))
const kilobytes = (chunks: readonly OutputChunk[]): number =>
  chunks.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0) / 1000

function withStaticImports(
  chunk: OutputChunk,
  chunks: readonly OutputChunk[],
  known = new Set<OutputChunk>(),
): Set<OutputChunk> {
  known.add(chunk)
  for (const name of chunk.imports) {
    const imported = chunks.find(({ fileName }) => fileName === name)
    if (imported !== undefined && !known.has(imported)) withStaticImports(imported, chunks, known)
  }
  return known
}

let failed = false
function report(name: string, size: number, limit: number): void {
  failed ||= size > limit
  console.log(`${size > limit ? '✗' : '✓'} ${size.toFixed(1).padStart(5)} kB of ${limit} kB  ${name}`)
}

for (const limit of LIMITS) {
  const [names = '', entry = ''] = limit.import.split(' from ')
  const [packageName = '', subpath = ''] = entry.split('/')
  const file = join(folder, `${limit.name.replaceAll(' ', '-')}.js`)
  await writeFile(
    file,
    `export ${names} from '${join(root, 'packages', packageName, 'dist', subpath, 'index.js')}'\n`,
  )
  const bundle = await rolldown({
    input: file,
    external: (id) => PEERS.some((peer) => id === peer || id.startsWith(`${peer}/`)),
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    // As an app's bundler does: what the entry shares with a later chunk stays in the entry.
    preserveEntrySignatures: 'allow-extension',
    logLevel: 'silent',
  })
  const { output } = await bundle.generate({ format: 'es', minify: true })
  await bundle.close()
  const chunks = output.filter((part) => part.type === 'chunk')
  const main = chunks.find(({ isEntry }) => isEntry)
  if (main === undefined) throw new Error(`${limit.import} gave no bundle; run pnpm build first.`)
  const loaded = withStaticImports(main, chunks)
  report(`${limit.name}: ${limit.import}`, kilobytes([...loaded]), limit.initial)

  const chunkNamed = (start: string): OutputChunk => {
    const found = chunks.find(({ name }) => name.startsWith(start))
    if (found === undefined) throw new Error(`${start} is no chunk of its own in ${limit.import}.`)
    return found
  }
  const { firstUse, lazy = {} } = limit
  if (firstUse !== undefined) {
    for (const chunk of withStaticImports(chunkNamed(firstUse.chunk), chunks)) loaded.add(chunk)
    report(`${limit.name}: ${firstUse.name}`, kilobytes([...loaded]), firstUse.limit)
  }
  for (const [chunkName, [when, most]] of Object.entries(lazy)) {
    const own = [...withStaticImports(chunkNamed(chunkName), chunks)].filter((chunk) => !loaded.has(chunk))
    report(`  later, ${when} (${chunkName})`, kilobytes(own), most)
  }
}
await rm(folder, { recursive: true, force: true })
if (failed) process.exitCode = 1
