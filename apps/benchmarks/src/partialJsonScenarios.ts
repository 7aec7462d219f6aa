import { createJsonParser } from '@candor/core'
import { parsePartialJson } from 'ai'
import { partialParse } from 'openai/_vendor/partial-json-parser/parser'
import { parse as parsePartial } from 'partial-json'

import { cutText, fileArguments, numbersText, rowsText } from './generateStream.ts'
import type { Scenario } from './Scenario.ts'

interface Shape {
  name: string
  title: string
  text: (characters: number) => string
}

const shapes: readonly Shape[] = [
  { name: 'file', title: 'one long string in an object', text: fileArguments },
  { name: 'rows', title: 'a list of objects', text: rowsText },
  { name: 'numbers', title: 'one flat list of numbers', text: numbersText },
]

/** How many fragments lie between two readings. */
const intervals = [1, 16, 64]

/** What a contender read last, and how often it read. */
interface Reading {
  value: unknown
  readings: number
}

/** Reads the text so far as a whole, again and again, as those do who have no incremental parser. */
function readAgain(
  fragments: readonly string[],
  interval: number,
  parse: (text: string) => unknown,
): Reading {
  let text = ''
  let value: unknown
  let readings = 0
  for (const [index, fragment] of fragments.entries()) {
    text += fragment
    if ((index + 1) % interval !== 0 && index < fragments.length - 1) continue
    value = parse(text)
    readings++
  }
  return { value, readings }
}

/** The same for a parser that answers later. */
async function readAgainLater(
  fragments: readonly string[],
  interval: number,
  parse: (text: string) => Promise<unknown>,
): Promise<Reading> {
  let text = ''
  let value: unknown
  let readings = 0
  for (const [index, fragment] of fragments.entries()) {
    text += fragment
    if ((index + 1) % interval !== 0 && index < fragments.length - 1) continue
    value = await parse(text)
    readings++
  }
  return { value, readings }
}

function readCandor(fragments: readonly string[], interval: number): Reading {
  const parser = createJsonParser()
  let value: unknown
  let readings = 0
  for (const [index, fragment] of fragments.entries()) {
    parser.push(fragment)
    if ((index + 1) % interval !== 0 && index < fragments.length - 1) continue
    value = parser.value
    readings++
  }
  return { value, readings }
}

function scenario({ name, title, text: textOf }: Shape, interval: number): Scenario {
  return {
    name: `partial-json-${name}-${interval}`,
    title: `Partial JSON: ${title}, fragments of four characters, read after ${interval === 1 ? 'each' : `every ${interval}`}`,
    unit: 'KB',
    sizes: [16, 64, 256, 1024],
    measures: 'time',
    prepare(size) {
      const text = textOf(size * 1024)
      const fragments = cutText(text, 4)
      const expected = Math.ceil(fragments.length / interval)
      return {
        contenders: [
          {
            name: 'JSON.parse, once at the end',
            run: () => ({ value: JSON.parse(fragments.join('')), readings: expected }),
          },
          { name: 'Candor createJsonParser', run: () => readCandor(fragments, interval) },
          { name: 'openai-node partialParse', run: () => readAgain(fragments, interval, partialParse) },
          { name: 'partial-json', run: () => readAgain(fragments, interval, (all) => parsePartial(all)) },
          {
            name: 'AI SDK parsePartialJson',
            run: () =>
              readAgainLater(fragments, interval, async (all) => (await parsePartialJson(all)).value),
          },
        ],
        check(result, contender) {
          const { value, readings } = result as Reading
          if (readings !== expected) throw new Error(`${contender.name} read ${readings} times.`)
          if (JSON.stringify(value) !== text) throw new Error(`${contender.name} read another value.`)
        },
      }
    },
  }
}

export const partialJsonScenarios: readonly Scenario[] = shapes.flatMap((shape) =>
  intervals.map((interval) => scenario(shape, interval)),
)
