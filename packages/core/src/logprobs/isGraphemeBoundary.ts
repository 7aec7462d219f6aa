let segmenter: Intl.Segmenter | undefined

/**
 * Whether what a reader takes for one character ends at `offset` (UTF-16) and another begins.
 * @param knownBoundary any boundary before `offset`; the nearer, the cheaper.
 */
export function isGraphemeBoundary(text: string, offset: number, knownBoundary: number): boolean {
  if (offset <= 0 || offset >= text.length) return true
  const before = text.charCodeAt(offset - 1)
  const after = text.charCodeAt(offset)
  // Asking the segmenter costs a microsecond, and nearly all tokens begin and end where it need not be asked.
  if (standsAlone(before) && standsAlone(after)) return before !== carriageReturn || after !== lineFeed
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const stretch = text.slice(knownBoundary, offset + lookAhead)
  return segmenter.segment(stretch).containing(offset - knownBoundary)?.index === offset - knownBoundary
}

const carriageReturn = 0x0d
const lineFeed = 0x0a

/** Whether a boundary depends on what follows it is decided by its next character alone, at most two units long. */
const lookAhead = 2

/**
 * Characters that never join another one that is of these too (but CR LF): Latin, Greek, Cyrillic, general punctuation,
 * kana, the Han and Hangul that most texts are made of. isGraphemeBoundary.test.ts holds them against Intl.Segmenter.
 */
function standsAlone(unit: number): boolean {
  return (
    unit < 0x300 ||
    (unit >= 0x370 && unit <= 0x482) ||
    (unit >= 0x48a && unit <= 0x52f) ||
    (unit >= 0x2010 && unit <= 0x2029) ||
    (unit >= 0x3001 && unit <= 0x3029) ||
    (unit >= 0x3041 && unit <= 0x3096) ||
    (unit >= 0x309b && unit <= 0x30ff) ||
    (unit >= 0x4e00 && unit <= 0x9fff) ||
    (unit >= 0xac00 && unit <= 0xd7a3) ||
    (unit >= 0xff01 && unit <= 0xff5e)
  )
}
