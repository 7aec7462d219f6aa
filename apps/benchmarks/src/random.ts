/** Numbers from 0 to below 1, the same ones for the same seed, so that two runs measure the same work. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}
