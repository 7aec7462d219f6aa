export { Chat, type ChatOwnProps as ChatProps } from './Chat.tsx'
export type { AnswerView } from './ChatContext.ts'
