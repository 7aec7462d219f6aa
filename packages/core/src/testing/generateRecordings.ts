import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** The recordings as a module, so that they load the same way in Node, in a page, and out of the published package. */
export function recordingsModule(): string {
  const folder = new URL('./recordings/', import.meta.url)
  const files = readdirSync(folder)
    .filter((file) => /\.(sse|json)$/.test(file))
    .toSorted()
  const lines = ['// Written by `pnpm --filter @candor/core recordings` from the files beside it.', '']
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8')
    lines.push(
      `/** ${describe(text)} (\`${file}\`). */`,
      `export const ${nameOf(file)}: string = ${JSON.stringify(text)}`,
      '',
    )
  }
  return lines.join('\n')
}

/** `tool-call.sse` → `toolCall`, `tool-call.json` → `toolCallJson`. */
function nameOf(file: string): string {
  return file
    .replace(/\.sse$/, '')
    .replace('.json', '-json')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function describe(text: string): string {
  const shows = text.startsWith('{') ? /"shows": "([^"]*)"/.exec(text)?.[1] : /^: (.*)/.exec(text)?.[1]
  const words = shows ?? 'A recording'
  return words[0]!.toUpperCase() + words.slice(1)
}

if (import.meta.main) writeFileSync(new URL('./recordings/index.ts', import.meta.url), recordingsModule())
