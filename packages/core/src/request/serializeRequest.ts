import type { ChatCompletionParams } from '../wire.ts'

/**
 * The request's JSON, byte for byte what `JSON.stringify` writes, but for 64-bit integers: a bigint anywhere at the top
 * level, and a `seed` given as a decimal string, stand there with their exact digits, which a JavaScript number cannot
 * hold.
 */
export function serializeRequest(request: ChatCompletionParams): string {
  const members = Object.entries(request).flatMap(([name, value]) => {
    const exact = name === 'seed' ? exactSeed(value) : value
    const json = typeof exact === 'bigint' ? String(exact) : JSON.stringify(exact)
    return json === undefined ? [] : [`${JSON.stringify(name)}:${json}`]
  })
  return `{${members.join(',')}}`
}

/** Digits and bigints as a number where it holds them exactly, else as a bigint, whose digits `serializeRequest` keeps. */
export function exactSeed<Seed>(seed: Seed): Seed | number | bigint {
  if (typeof seed !== 'bigint' && !(typeof seed === 'string' && /^-?\d+$/.test(seed))) return seed
  return Number.isSafeInteger(Number(seed)) ? Number(seed) : BigInt(seed)
}
