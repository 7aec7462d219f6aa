/**
 * Packs each package as it would be published and checks the tarball: publint for the files, are-the-types-wrong for
 * what TypeScript sees.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PACKAGES = ['core', 'hooks', 'components']

const folder = mkdtempSync(join(tmpdir(), 'candor-packages-'))
const run = (command: string, args: string[], cwd?: string) =>
  execFileSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
  })

let failed = false
for (const name of PACKAGES) {
  try {
    run('pnpm', ['pack', '--out', join(folder, `${name}.tgz`)], join('packages', name))
    const tarball = join(folder, `${name}.tgz`)
    console.log(
      run('pnpm', ['--filter', '@candor/checks', 'exec', 'publint', 'run', tarball, '--strict']).trim(),
    )
    run('pnpm', [
      '--filter',
      '@candor/checks',
      'exec',
      'attw',
      tarball,
      '--profile',
      'esm-only',
      '--exclude-entrypoints',
      'styles.css',
    ])
    console.log(`@candor/${name}: types resolve in every module mode`)
  } catch (error) {
    failed = true
    console.error(`@candor/${name}: ${(error as { stdout?: string }).stdout ?? String(error)}`)
  }
}
rmSync(folder, { recursive: true, force: true })
if (failed) process.exitCode = 1
