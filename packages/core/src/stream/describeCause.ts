/** The words of an error and of what is behind it, such as `ECONNREFUSED`, which Node hides in `cause`. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  const inner: unknown = cause.cause
  const code = inner instanceof Error && 'code' in inner ? inner.code : undefined
  const words = [
    cause.message,
    typeof code === 'string' ? code : inner instanceof Error && inner.message,
  ].filter(Boolean)
  return words.length === 0 ? '' : ` (${words.join(': ')})`
}
