import type { ModelProgress } from '../server/status.ts'

/** `41 of 93 MB · 12.3 MB/s · 4 s left`, as far as it is known. */
export function progressFacts({ bytesDone, bytesTotal, bytesPerSecond, secondsLeft }: ModelProgress): string {
  return [
    `${megabytes(bytesDone ?? 0)} of ${megabytes(bytesTotal ?? 0)} MB`,
    ...(bytesPerSecond === undefined ? [] : [`${megabytes(bytesPerSecond)} MB/s`]),
    ...(secondsLeft === undefined ? [] : [`${timeLeft(secondsLeft)} left`]),
  ].join(' · ')
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)
}

function timeLeft(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`
}
