/**
 * A probability in percent, without false certainty: ">99.99%", "99.97%", "41.0%", "0.37%", "<0.01%".
 * @param probability 0 to 1; anything else gives "–".
 */
export function formatProbability(probability: number): string {
  if (!(probability >= 0 && probability <= 1)) return '–'
  if (probability > 0.9999) return '>99.99%'
  if (probability < 0.0001) return '<0.01%'
  const percent = probability * 100
  // Two decimals where one would read 100.0% or lose the first figure that counts.
  return `${percent.toFixed(percent >= 99.95 || percent < 0.995 ? 2 : 1)}%`
}

/** Bits with one decimal: "2.9"; "<0.1" rather than "0.0"; "–" where there is no figure. */
export function formatBits(bits: number): string {
  if (!(bits >= 0)) return '–'
  return bits > 0 && bits < 0.05 ? '<0.1' : bits.toFixed(1)
}

/** A mean or perplexity with two or three figures: "1.9", "0.93", "124"; "–" where there is none. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  return size >= 99.5 ? Math.round(value).toLocaleString('en-US') : value.toFixed(size < 1 ? 2 : 1)
}

const visibleCharacters: { readonly [character: string]: string } = {
  ' ': '·',
  '\n': '↵',
  '\r': '␍',
  '\t': '⇥',
  '\u00a0': '⍽',
  '\u200b': '[zero-width space]',
  '\u200c': '[zero-width non-joiner]',
  '\u200d': '[zero-width joiner]',
  '\ufeff': '[byte-order mark]',
}

/**
 * A token so that every character of it can be seen: spaces as "·", line breaks as "↵", parts of characters as their
 * bytes in hex ("f0 9f 8c"), an empty token as "∅".
 */
export function visibleToken(token: { readonly token: string; readonly bytes: Uint8Array }): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(token.bytes)
  } catch {
    return Array.from(token.bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  }
  if (text === '') return token.token === '' ? '∅' : token.token
  return Array.from(text, (character) => visibleCharacters[character] ?? character).join('')
}
