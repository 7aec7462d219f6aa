export {
  readRecording,
  replayResponse,
  joinBytes,
  type Recording,
  type ReplayOptions,
} from './replayResponse.ts'
export { createFakeFetch, type FakeAnswer, type FakeFetch, type FakeRequest } from './fakeFetch.ts'
export { cutBytes, cutBytesEverywhere } from './cutBytes.ts'
export * as recordings from './recordings/index.ts'
export { createRandom, type Random } from './createRandom.ts'
export { mutateBytes } from './mutateBytes.ts'
