import type { AnswerStatus, ChatStatus, CompletionErrorType, ToolRunStatus } from '@candor/core'

import type { LogprobsLabels } from './logprobs/LogprobsLabels.ts'

/** Every word that the components show or say. Short, in the reader's terms. */
export interface Labels {
  thread: string
  you: string
  answer: string
  instructions: string
  toolResult: string

  placeholder: string
  messageField: string
  send: string
  stop: string
  composerHint: string
  queueHint: string
  busyHint: string
  /** Above a message that waits for the running turn to end. */
  queued: string
  /** Above a message that a stop or a failure holds, with the button that lets it go. */
  held: string
  sendQueued: string
  takeBack: string
  firstScreen: string

  copy: string
  copied: string
  copyFailed: string
  copyCode: string
  copyDetails: string
  regenerate: string
  retry: string
  continue: string
  edit: string
  cancel: string
  sendEdit: string
  editField: string
  showTokens: string
  showText: string
  actions: string
  scrollToEnd: string

  branches: string
  branchPosition: (position: number, count: number) => string
  previousBranch: string
  nextBranch: string

  choices: (count: number) => string
  /** The name of a choice, by its `index`. */
  choice: (index: number) => string
  /** On the choice that the conversation goes on from unless another is used. */
  choiceGoesOn: string
  choiceGoesOnHint: string
  useChoice: string
  showChoices: (count: number) => string
  showOneChoice: string
  sumLogprob: (figure: string) => string
  sumLogprobHint: string
  meanLogprob: (figure: string) => string
  meanLogprobHint: string

  thinking: string
  thought: string
  thoughtFor: (duration: string) => string
  refusal: string
  sources: string
  attachedImage: string
  remoteImage: string
  showImage: string
  attachedAudio: string
  attachedFile: string
  transcript: string
  unknownPart: (name: string) => string
  table: string
  taskDone: string
  taskOpen: string

  /** For the mark of a running answer; read aloud by nobody, shown as a title. */
  waiting: string
  emptyAnswer: string
  tokenLimit: string
  contentFilter: string
  kept: string
  keptTokens: (count: number) => string
  interrupted: string
  cutOff: string
  timedOut: string
  /** Under an answer that broke off, while nothing can be sent. */
  breaksOff: string
  unanswered: string
  serverSaid: string
  retryAfter: (duration: string) => string
  requestId: string

  factFirstToken: string
  factSpeed: string
  tokensPerSecond: (figure: string) => string
  tokens: (count: number) => string
  seed: (seed: string) => string
  facts: string

  arguments: string
  noArguments: string
  invalidArguments: string
  result: string
  progress: string
  approvalQuestion: string
  allow: string
  deny: string
  provideResult: string
  giveResult: string
  stopTool: string
  tryAgain: string
  editArguments: string
  toolCalls: (count: number) => string
  items: (count: number) => string
  fields: (count: number) => string
  more: (count: number) => string
  characters: (count: number) => string

  /** Beside a tool's name, where its state needs words; '' where the mark says it. */
  toolStatus: Record<ToolRunStatus, string>
  /** The name of the mark of a tool's state. */
  toolMark: Record<ToolRunStatus, string>
  /** Said aloud when the conversation comes to this state. '' for nothing. */
  announce: Record<ChatStatus, string>
  /** Shown among the facts in place of a finish reason that never came. */
  ending: Record<Exclude<AnswerStatus, 'submitted' | 'streaming' | 'finished'>, string>
  /** What happened, in bold, when the error itself has no words. */
  errorTitle: Record<CompletionErrorType, string>

  /** Words of the views of probabilities to change; they have their own defaults, in their own entry. */
  logprobs?: Partial<LogprobsLabels>
}

/** The words in English. */
export const defaultLabels: Labels = {
  thread: 'Conversation',
  you: 'You',
  answer: 'Answer',
  instructions: 'Instructions',
  toolResult: 'Result of a tool',

  placeholder: 'Message the model…',
  messageField: 'Message',
  send: 'Send',
  stop: 'Stop',
  composerHint: 'Enter sends · Shift Enter breaks the line · Esc stops',
  queueHint: 'Enter queues it',
  busyHint: 'Wait for the answer, or stop it',
  queued: 'waits for the answer before it',
  held: 'not sent',
  sendQueued: 'Send now',
  takeBack: 'Take back',
  firstScreen: 'Ask the model something',

  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The browser did not allow copying',
  copyCode: 'Copy code',
  copyDetails: 'Copy details',
  regenerate: 'Answer again',
  retry: 'Retry',
  continue: 'Continue',
  edit: 'Edit',
  cancel: 'Cancel',
  sendEdit: 'Send',
  editField: 'Edit the message',
  showTokens: 'Show token probabilities',
  showText: 'Show formatted text',
  actions: 'Actions',
  scrollToEnd: 'To the end',

  branches: 'Versions',
  branchPosition: (position, count) => `${position} / ${count}`,
  previousBranch: 'Version before',
  nextBranch: 'Next version',

  choices: (count) => `${count} choices`,
  choice: (index) => `choice ${index}`,
  choiceGoesOn: 'in the thread',
  choiceGoesOnHint: 'Your next message goes on from this one, unless you use another.',
  useChoice: 'Use this one',
  showChoices: (count) => `Show all ${count} choices side by side`,
  showOneChoice: 'Show only the choice that goes on',
  sumLogprob: (figure) => `sum ${figure}`,
  sumLogprobHint: 'sum of the log probabilities of its tokens: the nearer to 0, the likelier the whole',
  meanLogprob: (figure) => `mean ${figure}`,
  meanLogprobHint: 'mean log probability of a token: the nearer to 0, the surer',

  thinking: 'Thinking…',
  thought: 'Thoughts',
  thoughtFor: (duration) => `Thought for ${duration}`,
  refusal: 'The model declined.',
  sources: 'Sources',
  attachedImage: 'Attached image',
  remoteImage: 'Image from another site, not loaded',
  showImage: 'Open it',
  attachedAudio: 'Attached sound',
  attachedFile: 'Attached file',
  transcript: 'Transcript',
  unknownPart: (name) => `Also sent: ${name}`,
  table: 'Table',
  taskDone: 'done',
  taskOpen: 'to do',

  waiting: 'Waiting for the first token',
  emptyAnswer: 'The answer is empty.',
  tokenLimit: 'The answer stopped at the token limit.',
  contentFilter: 'The server held back the rest of this answer.',
  kept: 'What arrived is kept.',
  keptTokens: (count) => `${count} ${count === 1 ? 'token is' : 'tokens are'} kept.`,
  interrupted: 'Cut off by the reload.',
  cutOff: 'The server stopped in the middle of the answer.',
  breaksOff: 'The answer breaks off here. What arrived is kept.',
  unanswered: 'Not answered.',
  timedOut: 'Nothing more came from the server.',
  serverSaid: 'The server said:',
  retryAfter: (duration) => `The server asks to wait ${duration}.`,
  requestId: 'request',

  factFirstToken: 'time to first token',
  factSpeed: 'tokens a second after the first',
  tokensPerSecond: (figure) => `${figure} tok/s`,
  tokens: (count) => `${count} ${count === 1 ? 'token' : 'tokens'}`,
  seed: (seed) => `seed ${seed}`,
  facts: 'Facts about this answer',

  arguments: 'Arguments',
  noArguments: 'no arguments',
  invalidArguments: 'not JSON',
  result: 'result',
  progress: 'progress',
  approvalQuestion: 'Run this with these arguments?',
  allow: 'Allow',
  deny: 'Deny',
  provideResult: 'Result',
  giveResult: 'Give result',
  stopTool: 'Stop',
  tryAgain: 'Try again',
  editArguments: 'Edit arguments',
  toolCalls: (count) => `${count} tool calls`,
  items: (count) => `${count.toLocaleString('en')} ${count === 1 ? 'item' : 'items'}`,
  fields: (count) => `${count.toLocaleString('en')} ${count === 1 ? 'field' : 'fields'}`,
  more: (count) => `${count.toLocaleString('en')} more`,
  characters: (count) => `${count.toLocaleString('en')} characters`,

  toolStatus: {
    'arguments-streaming': '',
    'waiting-for-approval': 'needs your word',
    'waiting-for-result': 'needs your answer',
    running: '',
    done: '',
    failed: '',
    invalid: 'arguments it does not take; the model was told',
    unknown: 'no such tool; the model was told the names',
    denied: 'you said no',
    'timed-out': '',
    aborted: 'stopped',
  },
  toolMark: {
    'arguments-streaming': 'Arguments arriving',
    'waiting-for-approval': 'Waiting for your word',
    'waiting-for-result': 'Waiting for your answer',
    running: 'Running',
    done: 'Done',
    failed: 'Failed',
    invalid: 'Wrong arguments',
    unknown: 'No such tool',
    denied: 'Denied',
    'timed-out': 'Timed out',
    aborted: 'Stopped',
  },
  announce: {
    idle: 'Answer complete.',
    submitted: 'Sent. Waiting for the answer.',
    streaming: 'The answer is coming.',
    'waiting-for-tools': 'A tool is at work or waits for you.',
    error: 'The answer failed.',
    interrupted: 'The answer was cut off.',
  },
  ending: {
    stopped: 'stopped',
    'cut-off': 'cut off',
    'timed-out': 'timed out',
    error: 'failed',
    interrupted: 'cut off',
  },
  errorTitle: {
    network: 'No answer from the server.',
    http: 'The server refused the request.',
    server: 'The server reported an error.',
    'not-an-api': 'What answered is not a model server.',
    timeout: 'The server took too long.',
    request: 'The request is not right and was not sent.',
  },
}
