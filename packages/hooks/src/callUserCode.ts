/**
 * Calls a callback of the app. What it throws is reported as an uncaught error (the console, `window.onerror`) and goes
 * no further: a faulty callback must not cut an answer off.
 */
export function callUserCode<Arguments extends unknown[]>(
  callback: ((...args: Arguments) => unknown) | undefined,
  ...args: Arguments
): void {
  if (callback === undefined) return
  try {
    const result = callback(...args)
    if (result instanceof Promise) result.catch(report)
  } catch (error) {
    report(error)
  }
}

function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  // oxlint-disable-next-line no-console -- node has no `reportError`, and an error must not vanish
  else console.error(error)
}
