import type { ChatCompletionParams } from '../wire.ts'

/**
 * The request's JSON, byte for byte what `JSON.stringify` writes, but for 64-bit integers: a bigint anywhere at the top
 * level, and a `seed` given as a decimal string, stand there with their exact digits, which a JavaScript number cannot
 * hold.
 */
export function serializeRequest(request: ChatCompletionParams): string {
  const members: string[] = []
  for (const [name, value] of Object.entries(request)) {
    const json = serializeMember(name, value)
    if (json !== undefined) members.push(`${JSON.stringify(name)}:${json}`)
  }
  return `{${members.join(',')}}`
}

function serializeMember(name: string, value: unknown): string | undefined {
  if (typeof value === 'bigint') return value.toString()
  if (name === 'seed' && typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value).toString()
  return JSON.stringify(value)
}
