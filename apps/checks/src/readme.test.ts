import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, describe, expect, it } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
// Beside the demo, so that an example finds the packages that an app would have installed.
const folder = join(root, 'apps/demo/.cache/examples')

interface Example {
  /** The file and the line on which the example stands. */
  place: string
  language: 'ts' | 'tsx'
  code: string
}

/** Every TypeScript example of a Markdown file; `ts no-check` marks a fragment that cannot stand alone. */
function examplesOf(file: string): Example[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split('\n').length}`,
    language: match[1] as 'ts' | 'tsx',
    code: match[2] ?? '',
  }))
}

const files = [
  'README.md',
  'CONTRIBUTING.md',
  'packages/core/README.md',
  'packages/hooks/README.md',
  'packages/components/README.md',
]
const examples = files.flatMap(examplesOf)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the examples of the documentation', () => {
  it('compile as they stand', () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const [number, example] of examples.entries()) {
      // The trailing export keeps each example a module of its own.
      writeFileSync(join(folder, `example-${number}.${example.language}`), `${example.code}\nexport {}\n`)
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../../../tsconfig.base.json',
        compilerOptions: {
          composite: false,
          declaration: false,
          emitDeclarationOnly: false,
          noEmit: true,
          types: ['node', 'vite/client'],
        },
        include: ['*.ts', '*.tsx'],
      }),
    )
    let complaints = ''
    try {
      execFileSync('pnpm', ['exec', 'tsc', '-p', folder], { cwd: root, encoding: 'utf8', stdio: 'pipe' })
    } catch (error) {
      complaints = (error as { stdout: string }).stdout.replaceAll(
        /example-(\d+)\.tsx?/g,
        (name, number) => examples[Number(number)]?.place ?? name,
      )
    }
    expect(complaints).toBe('')
    expect(examples.length).toBeGreaterThan(0)
  }, 60_000)

  it('begin with the app that the end-to-end tests open, word for word', () => {
    const app = readFileSync(join(root, 'apps/demo/example/main.tsx'), 'utf8')
    expect(examplesOf('README.md')[0]?.code).toBe(app)
  })
})
