/** How long one stretch of work may hold the page, in milliseconds; a frame at 60 Hz has 16.7. */
const longestStretchMs = 8

/**
 * Lets the page breathe between pieces of work: `await pace()` costs nothing until a stretch has lasted 8 ms, then it
 * waits for the page's other tasks (keys, frames). A burst of 10,000 chunks in one network read would be one long task
 * otherwise. No timer: a hidden tab slows those down to one a second.
 */
export function createPace(): () => Promise<void> | undefined {
  let stretchStart = performance.now()
  async function breathe(): Promise<void> {
    await otherTasks()
    stretchStart = performance.now()
  }
  return () => (performance.now() - stretchStart < longestStretchMs ? undefined : breathe())
}

function otherTasks(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve))
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
