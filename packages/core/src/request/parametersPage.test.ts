import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { PARAMETERS } from './parameters.ts'
import { parametersPage } from './parametersPage.ts'
import { endpointProfiles } from './profiles/index.ts'

const page = parametersPage(readFileSync(join(import.meta.dirname, '../wire.ts'), 'utf8'))

// `vitest run -u` writes the page again.
test('the page of parameters is current', async () => {
  await expect(page).toMatchFileSnapshot('../../docs/parameters.md')
})

describe('the page of parameters', () => {
  test.each(Object.keys(PARAMETERS))('says what %s is', (name) => {
    const [, section = ''] = page.split(`### \`${name}\`\n\n`)
    expect(section).toMatch(/^\S[^\n]{10,}\.\n\n- Takes /)
  })

  test.each(endpointProfiles.map(({ name }) => name))('has a section on %s', (name) => {
    expect(page).toContain(`### ${name}\n`)
  })
})
