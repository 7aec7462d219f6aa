import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8')

/** The custom properties of the rule that begins with the given text. */
function palette(selector: string): Record<string, string> {
  const start = css.indexOf(selector)
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start))
  return Object.fromEntries(
    [...body.matchAll(/--candor-([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [
      name,
      value.trim(),
    ]),
  )
}

const light = palette(":root,\n  [data-theme='light']")
const darkBySystem = palette(":root:not([data-theme='light'])")
const darkByAttribute = palette("[data-theme='dark'] {")

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((channel) => (channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2: from 1 to 21. */
function contrast(some: string, other: string): number {
  const [brighter = 0, darker = 0] = [luminance(some), luminance(other)].toSorted((a, b) => b - a)
  return (brighter + 0.05) / (darker + 0.05)
}

const surfaces = ['background', 'surface', 'surface-2'] as const
/** Text, and what it stands on. */
const texts: readonly (readonly [text: string, on: readonly string[]])[] = [
  ['ink', [...surfaces, 'accent-soft', 'warn-soft', 'danger-soft', 'heat-1', 'heat-2', 'heat-3', 'heat-4']],
  ['ink-2', [...surfaces, 'warn-soft', 'danger-soft']],
  ['ink-3', surfaces],
  ['accent', ['background', 'surface', 'accent-soft']],
  ['on-accent', ['accent']],
  ['ok', ['background', 'surface']],
  ['warn', ['background', 'surface', 'warn-soft']],
  ['danger', ['background', 'surface', 'danger-soft']],
  ['background', ['ink', 'ink-2']],
  ...['keyword', 'string', 'number', 'title', 'comment'].map(
    (kind) => [`code-${kind}`, ['background', 'surface']] as const,
  ),
]

describe('the palette', () => {
  it('is the same in the dark of the system and in the dark of an attribute', () => {
    expect(darkBySystem).toEqual(darkByAttribute)
  })

  it('has every colour in light and in dark', () => {
    expect(Object.keys(darkByAttribute)).toEqual(Object.keys(light))
  })

  describe.each([
    ['light', light],
    ['dark', darkByAttribute],
  ])('in %s', (_, colours) => {
    it.each(texts.flatMap(([text, on]) => on.map((surface) => [text, surface] as const)))(
      '%s on %s is read with 4.5:1',
      (text, surface) => {
        expect(contrast(colours[text] ?? '', colours[surface] ?? '')).toBeGreaterThanOrEqual(4.5)
      },
    )

    it.each(['background', 'surface'])('edges of controls stand out from %s with 3:1', (surface) => {
      expect(contrast(colours['line-strong'] ?? '', colours[surface] ?? '')).toBeGreaterThanOrEqual(3)
    })

    it.each(['background', 'heat-1', 'heat-2', 'heat-3', 'heat-4'])(
      'the underline of a token is seen on %s with 3:1',
      (heat) => {
        expect(contrast(colours['heat-underline'] ?? '', colours[heat] ?? '')).toBeGreaterThanOrEqual(3)
      },
    )
  })
})
