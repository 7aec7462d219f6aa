/**
 * What each code means: what the server did, and what was made of it. Loaded when the first issue is found: an answer that
 * keeps to the protocol does not pay for the words.
 */
export const issueSentences = {
  // The body
  'missing-done': 'The stream ended without [DONE]; it was whole all the same.',
  'done-not-exact': '[DONE] came with something around it.',
  'left-open': 'After every choice had ended the server neither sent [DONE] nor closed the stream.',
  'broken-after-finish': 'The connection broke after every choice had ended.',
  'not-streamed': 'The server answered with one JSON object although a stream was asked for.',
  'streamed-unasked': 'The server streamed although one JSON object was asked for.',
  'unterminated-record': 'The last record lacks the blank line that ends it; it was read all the same.',
  'records-without-blank-line': 'Records are separated by one line break instead of a blank line.',
  'error-field': 'An error came in a field named error instead of data.',
  'unframed-json': 'JSON came without data: before it.',
  'data-on-next-line': 'JSON stood on the line after data: instead of behind it.',
  'unknown-line': 'A line is neither a field of an event stream nor JSON; it was left out.',
  'record-too-long': 'A record is longer than 32 million characters; it was left out.',
  // Records
  'malformed-chunk': 'A record is not JSON; what it said is missing from the answer.',
  'cut-chunk': 'The stream ended in the middle of a record; what it said is missing from the answer.',
  'cut-answer': 'The JSON of the answer broke off; what had come of it was kept.',
  'glued-records': 'Several records stood on one line; they were taken apart.',
  'chunks-in-array': 'Chunks came in an array.',
  'not-a-chunk': 'A record holds no chunk; it was left out.',
  // Chunks
  'choices-missing': 'A chunk has no list of choices.',
  'id-changed': 'The id changed within one answer; the first was kept.',
  'choice-index-missing': 'A choice has no usable index; its place in the list was taken.',
  'choice-index-too-large': 'A choice has an index above 127; it was left out.',
  'delta-missing': 'A choice has no delta.',
  'message-in-chunk': 'A choice has a whole message where a delta should be.',
  'message-beside-delta': 'A choice repeats its whole message beside the delta; the delta was taken.',
  'finish-reason-empty': 'An unfinished choice has an empty finish_reason instead of null.',
  'finish-reason-repeated': 'A choice said more than once why it ended; the last was kept.',
  'delta-after-finish': 'A choice went on after its finish_reason; everything was kept.',
  'finish-reason-missing': 'A choice never said why it ended.',
  'content-in-parts': 'Content came as a list of parts; text and thinking were taken from them.',
  'not-text': 'Something that should be text is not; the text in it was taken, the rest was left out.',
  'index-not-a-number': 'A number came as text; it was read as a number.',
  'usage-in-choice': 'Usage stood inside a choice.',
  'usage-repeated': 'Usage came in several records; the last was kept.',
  'error-in-choice': 'A choice carries an error.',
  'legacy-logprobs': 'Logprobs came in the older shape (tokens, token_logprobs).',
  'reasoning-twice': 'One delta has thinking in two spellings that differ; the first was taken.',
  'unsafe-value': 'A field named __proto__ or nested deeper than 64 levels was left out.',
  // Tool calls
  'tool-call-without-index': 'A tool call has no index; it was told from others by its id and name.',
  'tool-call-index-reused': 'Several tool calls share an index; they were told apart by id and name.',
  'tool-call-id-changed': 'A tool call got a new id with a later piece; the first was kept.',
  'tool-call-id-missing': 'A tool call has no id; one was made up.',
  'tool-call-name-in-pieces': 'The name of a tool call came in pieces.',
  'tool-call-name-changed': 'A tool call changed its name after its arguments had begun; the first was kept.',
  'tool-call-type-missing': 'A tool call has no type.',
  'tool-call-repeated': 'The whole arguments of a tool call came twice; they were taken once.',
  'tool-arguments-not-text': 'The arguments of a tool call came as an object instead of JSON text.',
  'tool-arguments-several': 'The arguments of a tool call are several JSON values after one another.',
  'too-many-tool-calls': 'A choice has more than 128 tool calls; the others were left out.',
} as const

/** The name of a deviation. */
export type StreamIssueCode = keyof typeof issueSentences
