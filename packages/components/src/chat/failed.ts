import type { AnswerStatus } from '@candor/core'

/** How an answer ended badly: its notice has a way on. */
export const failed: Record<AnswerStatus, boolean> = {
  submitted: false,
  streaming: false,
  finished: false,
  stopped: false,
  interrupted: true,
  'cut-off': true,
  'timed-out': true,
  error: true,
}
