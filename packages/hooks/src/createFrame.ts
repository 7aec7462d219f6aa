/** Gathers what happens between two frames into one call. */
export interface Frame {
  /** Asks for a call before the next frame; asking again before it changes nothing. */
  readonly request: () => void
  /** Drops the pending call. */
  readonly cancel: () => void
}

/**
 * How long a pending call waits for a frame, in milliseconds. A hidden tab, an off-screen frame and node have no
 * frames; a conversation goes on in them all the same.
 */
const longestWaitMs = 250

/** At most one call of `publish` a frame. */
export function createFrame(publish: () => void): Frame {
  let animationFrame: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function cancel(): void {
    if (animationFrame !== undefined) cancelAnimationFrame(animationFrame)
    clearTimeout(timer)
    animationFrame = timer = undefined
  }

  function run(): void {
    cancel()
    publish()
  }

  return {
    request() {
      if (timer !== undefined) return
      const hasFrames = typeof requestAnimationFrame === 'function'
      if (hasFrames) animationFrame = requestAnimationFrame(run)
      timer = setTimeout(run, hasFrames ? longestWaitMs : 16)
    },
    cancel,
  }
}
