import { cpus } from 'node:os'

import type { Cell, Result, Row } from './measure.ts'

/** On what was measured, and when. */
export interface Machine {
  readonly date: string
  readonly node: string
  readonly cpu: string
  readonly cores: number
}

export function describeMachine(): Machine {
  const cores = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
  }
}

/** A result as a table for the terminal. */
export function toText(result: Result): string {
  const table = toTable(result)
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  )
  const lines = table.map((row) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('   ')
      .trimEnd(),
  )
  return [`${result.scenario}: ${result.title}`, ...lines, ...toNotes(result), ''].join('\n')
}

/** A result as a Markdown section. */
export function toMarkdown(result: Result): string {
  const [head = [], ...rows] = toTable(result)
  return [
    `### ${result.scenario}`,
    '',
    `${result.title}.`,
    '',
    toMarkdownRow(head),
    toMarkdownRow(head.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(toMarkdownRow),
    '',
    ...toNotes(result),
    '',
  ].join('\n')
}

function toMarkdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function toTable({ rows, unit, measures }: Result): string[][] {
  const sizes = rows[0]?.cells.map(({ size }) => `${size.toLocaleString('en')} ${unit}`) ?? []
  const head = ['', ...sizes, 'growth']
  return [
    head,
    ...rows.map((row) => [row.contender, ...row.cells.map((cell) => toCell(cell, measures)), toGrowth(row)]),
  ]
}

function toCell({ runs, median, spread, ratio }: Cell, measures: Result['measures']): string {
  if (runs.length === 0) return 'left out'
  const figure = measures === 'heap' ? `${median.toFixed(1)} MB` : toTime(median)
  const certainty = runs.length === 1 ? 'one run' : `±${Math.round(spread * 100)}%`
  return `${figure} ${certainty}  ${ratio.toFixed(ratio < 10 ? 2 : 0)}×`
}

function toTime(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0)} ms`
}

function toGrowth({ growth }: Row): string {
  const known = growth.filter((factor) => Number.isFinite(factor))
  return known.map((factor) => factor.toFixed(1)).join(' ')
}

function toNotes({ rows }: Result): string[] {
  return rows.flatMap(({ contender, note }) => (note === undefined ? [] : [`${contender}: ${note}.`]))
}
