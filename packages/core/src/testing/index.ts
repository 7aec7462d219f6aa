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
