const numbers = new WeakMap<object, number>()
let last = 0

/** A number that stands for an object in a query key, where the object itself would show its API key to devtools. */
export function numberOf(object: object): number {
  const number = numbers.get(object) ?? ++last
  numbers.set(object, number)
  return number
}
