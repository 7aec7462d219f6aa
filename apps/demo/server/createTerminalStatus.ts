import type { EndpointStatus, ModelProgress } from './status.ts'

interface Output {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

/** `41 of 127 MB, 12.3 MB/s, 7 s left`, as far as it is known; undefined before that. */
export function describeProgress(progress: ModelProgress): string | undefined {
  const { bytesDone, bytesTotal, bytesPerSecond, secondsLeft } = progress
  if (bytesDone === undefined || bytesTotal === undefined) return undefined
  const parts = [`${Math.round(bytesDone / 1e6)} of ${Math.round(bytesTotal / 1e6)} MB`]
  if (bytesPerSecond !== undefined) parts.push(`${(bytesPerSecond / 1e6).toFixed(1)} MB/s`)
  if (secondsLeft !== undefined) {
    parts.push(
      secondsLeft < 90 ? `${Math.ceil(secondsLeft)} s left` : `${Math.ceil(secondsLeft / 60)} min left`,
    )
  }
  return parts.join(', ')
}

/**
 * Shows how the model stands: on a terminal one line that is rewritten while it is made ready; in a log a line for
 * each step, and for each quarter of what is fetched.
 */
export function createTerminalStatus(output: Output): (status: EndpointStatus) => void {
  let shown = ''
  let quarter = 0

  function rewrite(line: string): void {
    const width = (output.columns || 80) - 1
    output.write(`\r\u001B[K${line.slice(0, width)}`)
  }

  function settle(lines: string[]): void {
    if (output.isTTY) rewrite('')
    output.write(`${lines.map((line) => (line ? `  ${line}` : '')).join('\n')}\n`)
    shown = ''
    quarter = 0
  }

  function showProgress(progress: ModelProgress): void {
    const facts = describeProgress(progress)
    if (output.isTTY) return rewrite(`  ${progress.what}${facts ? `: ${facts}` : ' …'}`)
    const reached = progress.bytesTotal
      ? Math.floor((4 * (progress.bytesDone ?? 0)) / progress.bytesTotal)
      : 0
    if (progress.what === shown && reached <= quarter) return
    if (progress.what !== shown || reached > 0)
      output.write(`  ${progress.what}${facts && reached ? `: ${facts}` : ''}\n`)
    shown = progress.what
    quarter = reached
  }

  return (status) => {
    switch (status.state) {
      case 'preparing':
        return showProgress(status)
      case 'ready':
        return settle([
          status.kind === 'env'
            ? `Messages go to ${status.model} at ${status.baseUrl}. Ctrl-C ends the page.`
            : `${status.model} on llama.cpp is ready, on this machine: no key, nothing leaves it. Ctrl-C ends both.`,
          ...(status.warning === undefined ? [] : wrap(status.warning)),
        ])
      case 'stopped':
        return settle(['The model is stopped. The page can start it again.'])
      case 'failed':
        return settle([
          ...wrap(status.what),
          ...wrap(status.hint),
          ...(status.detail ? ['', ...status.detail.split('\n').map((line) => `  ${line}`)] : []),
          '',
          'The page works all the same once an address is typed in it, and can try again.',
        ])
      case 'none':
        return settle(['Started without a model: type an address in the page. Ctrl-C ends it.'])
      default: {
        const unknown: never = status
        return unknown
      }
    }
  }
}

/** A paragraph in lines that fit a terminal. */
function wrap(text: string, width = 96): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && line.length + word.length >= width) {
      lines.push(line)
      line = word
    } else {
      line = line ? `${line} ${word}` : word
    }
  }
  return [...lines, line]
}
