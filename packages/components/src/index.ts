export { ActionBar } from './message/ActionBar.tsx'
export { BranchPicker, type BranchPickerOwnProps } from './message/BranchPicker.tsx'
export { Button, type ButtonOwnProps } from './base/Button.tsx'
export { CopyButton, type CopyButtonOwnProps } from './base/CopyButton.tsx'
export {
  Choices,
  type ChoiceOwnProps,
  type ChoicesOwnProps,
  type ChoicesRootOwnProps,
} from './choices/Choices.tsx'
export { Composer, type ComposerOwnProps, type ComposerRootOwnProps } from './composer/Composer.tsx'
export { ErrorNotice, type ErrorNoticeOwnProps } from './message/ErrorNotice.tsx'
export { InterruptedNotice, type InterruptedNoticeOwnProps } from './message/InterruptedNotice.tsx'
export { JsonView, type JsonViewOwnProps } from './tool-call/JsonView.tsx'
export { defaultLabels, type Labels } from './labels.ts'
export { LabelsProvider, useLabels, type LabelsProviderProps } from './LabelsProvider.tsx'
export { Markdown, preloadMarkdown } from './markdown/Markdown.tsx'
export type { MarkdownOwnProps } from './markdown/MarkdownContent.tsx'
export type { MarkdownPolicy } from './markdown/MarkdownPolicy.ts'
export {
  DefaultPart,
  Message,
  type MessageOwnProps,
  type MessagePartsOwnProps,
  type MessageRootOwnProps,
  type PartRenderers,
} from './message/Message.tsx'
export { MessageFacts, type MessageFactsOwnProps } from './message/MessageFacts.tsx'
export { messageParts, messageText, type MessagePart } from './message/messageParts.ts'
export { Notice, type NoticeOwnProps } from './message/Notice.tsx'
export type { PartComponent, PartProps, PartState } from './base/definePart.ts'
export { Reasoning, type ReasoningOwnProps } from './message/Reasoning.tsx'
export { Thread, type ThreadAnnouncerProps, type ThreadOwnProps } from './thread/Thread.tsx'
export type { ThreadListProps } from './thread/ThreadList.tsx'
export { useThread, type ThreadContextValue } from './thread/ThreadContext.ts'
export {
  ToolCall,
  type ToolCallApprovalOwnProps,
  type ToolCallHeadOwnProps,
  type ToolCallOwnProps,
  type ToolCallResultFormOwnProps,
  type ToolCallRootOwnProps,
} from './tool-call/ToolCall.tsx'
export { ToolCallGroup, type ToolCallGroupOwnProps } from './tool-call/ToolCallGroup.tsx'
