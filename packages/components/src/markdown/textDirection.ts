const firstLetter = /\p{L}/u
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u

/**
 * The direction that a text is read in, by its first letter; `undefined` without one, so that figures go with what is
 * around them. Not `dir="auto"`: on a list or a quotation that passes over what has a direction of its own, which is all
 * that is in them.
 */
export function textDirection(text: string): 'ltr' | 'rtl' | undefined {
  const letter = firstLetter.exec(text)?.[0]
  if (letter === undefined) return undefined
  return rightToLeft.test(letter) ? 'rtl' : 'ltr'
}
