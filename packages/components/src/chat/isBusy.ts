import type { ChatState } from '@candor/hooks'

/** Whether a turn runs or waits for the user. */
export function isBusy({ status }: ChatState): boolean {
  return status === 'submitted' || status === 'streaming' || status === 'waiting-for-tools'
}
