/** Milliseconds as a reader takes them: `< 0.01 s`, `0.21 s`, `12.4 s`, `2 min 05 s`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 0.01) return '< 0.01 s'
  if (seconds < 1) return `${seconds.toFixed(2)} s`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const rounded = Math.round(seconds)
  return `${Math.floor(rounded / 60)} min ${String(rounded % 60).padStart(2, '0')} s`
}
