/**
 * The token of an answer in Markdown at a place: paragraphs of 70 words, a list, a block of code. Each holds its place as
 * a word of its own, `w0`, `w1`, …, so that what is shown can be compared with what was sent.
 */
export function markdownToken(place: number): string {
  const word = `w${place}`
  const inSection = place % 400
  if (inSection < 280) return inSection % 70 === 0 ? `${place === 0 ? '' : '\n\n'}${word}` : ` ${word}`
  if (inSection < 340)
    return inSection % 10 === 0 ? `\n${inSection === 280 ? '\n' : ''}- ${word}` : ` ${word}`
  if (inSection === 340) return `\n\n\`\`\`ts\n${word}`
  if (inSection === 399) return ` ${word}\n\`\`\``
  return inSection % 6 === 0 ? `\n${word}` : ` ${word}`
}
