/** Turns text into the token ids of a model, as `gpt-tokenizer` and others do. The app brings it. */
export interface Tokenizer {
  /** The token ids of a text, special tokens not recognised. */
  encode(text: string): ArrayLike<number>
  /** The text of token ids; only for messages that show what a token says. */
  decode?(tokens: number[]): string
}
