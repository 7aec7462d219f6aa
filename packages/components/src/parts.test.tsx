import { Button } from './base/Button.tsx'
import { CopyButton } from './base/CopyButton.tsx'
import { Chat } from './chat/index.ts'
import { Choices } from './choices/Choices.tsx'
import { Composer } from './composer/Composer.tsx'
import { describePart } from './fixtures/describePart.tsx'
import { answer, toolCall, userMessage } from './fixtures/messages.ts'
import { staticChat } from './fixtures/staticChat.ts'
import { CodeBlock } from './markdown/CodeBlock.tsx'
import { MarkdownContent } from './markdown/MarkdownContent.tsx'
import { ActionBar } from './message/ActionBar.tsx'
import { BranchPicker } from './message/BranchPicker.tsx'
import { ErrorNotice } from './message/ErrorNotice.tsx'
import { InterruptedNotice } from './message/InterruptedNotice.tsx'
import { Message } from './message/Message.tsx'
import { MessageFacts } from './message/MessageFacts.tsx'
import { Notice } from './message/Notice.tsx'
import { Reasoning } from './message/Reasoning.tsx'
import { Thread } from './thread/Thread.tsx'
import { JsonView } from './tool-call/JsonView.tsx'
import { ToolCall } from './tool-call/ToolCall.tsx'
import { ToolCallGroup } from './tool-call/ToolCallGroup.tsx'

const call = toolCall('get_weather', { city: 'Paris' })
const ignore = (): void => undefined
const error = { type: 'network', message: 'No answer.', retryable: true } as const

// The props of a part depend on its tag; what is passed here every tag takes.
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any

const parts: readonly [name: string, className: string, element: (props: Loose) => React.ReactElement][] = [
  ['Button', 'candor-button', (props) => <Button {...props} />],
  ['CopyButton', 'candor-button', (props) => <CopyButton value="x" {...props} />],
  ['Thread', 'candor-thread', (props) => <Thread {...props} />],
  ['Thread.Root', 'candor-thread', (props) => <Thread.Root {...props} />],
  [
    'Thread.Viewport',
    'candor-thread-viewport',
    (props) => (
      <Thread.Root>
        <Thread.Viewport {...props} />
      </Thread.Root>
    ),
  ],
  [
    'Thread.Messages',
    'candor-thread-messages',
    (props) => (
      <Thread.Root>
        <Thread.Messages {...props} />
      </Thread.Root>
    ),
  ],
  ['Thread.Empty', 'candor-thread-empty', (props) => <Thread.Empty {...props} />],
  ['Message', 'candor-message', (props) => <Message message={userMessage('Hi')} {...props} />],
  ['Message.Root', 'candor-message', (props) => <Message.Root message={userMessage('Hi')} {...props} />],
  [
    'Message.Parts',
    'candor-message-parts',
    (props) => (
      <Message.Root message={userMessage('Hi')}>
        <Message.Parts {...props} />
      </Message.Root>
    ),
  ],
  ['Message.Footer', 'candor-message-footer', (props) => <Message.Footer {...props} />],
  ['MessageFacts', 'candor-facts', (props) => <MessageFacts message={answer('Hi')} {...props} />],
  ['ActionBar', 'candor-action-bar', (props) => <ActionBar {...props} />],
  ['ActionBar.Regenerate', 'candor-button', (props) => <ActionBar.Regenerate {...props} />],
  ['ActionBar.Edit', 'candor-button', (props) => <ActionBar.Edit {...props} />],
  ['ActionBar.Tokens', 'candor-button', (props) => <ActionBar.Tokens {...props} />],
  ['ActionBar.Choices', 'candor-button', (props) => <ActionBar.Choices {...props} />],
  ['Choices', 'candor-choices', (props) => <Choices choices={[answer('Hi')]} {...props} />],
  ['Choices.Root', 'candor-choices', (props) => <Choices.Root count={2} {...props} />],
  ['Choices.Choice', 'candor-choice', (props) => <Choices.Choice message={answer('Hi')} {...props} />],
  [
    'BranchPicker',
    'candor-branch-picker',
    (props) => <BranchPicker count={3} index={1} onSelect={ignore} {...props} />,
  ],
  ['Notice', 'candor-notice', (props) => <Notice {...props}>Hi</Notice>],
  ['ErrorNotice', 'candor-notice', (props) => <ErrorNotice error={error} {...props} />],
  ['InterruptedNotice', 'candor-notice', (props) => <InterruptedNotice {...props} />],
  ['Reasoning', 'candor-reasoning', (props) => <Reasoning text="Hm" {...props} />],
  ['Composer', 'candor-composer', (props) => <Composer onSend={ignore} {...props} />],
  ['Composer.Root', 'candor-composer', (props) => <Composer.Root onSend={ignore} {...props} />],
  ['Composer.Bar', 'candor-composer-bar', (props) => <Composer.Bar {...props} />],
  [
    'Composer.Send',
    'candor-composer-send',
    (props) => (
      <Composer.Root onSend={ignore}>
        <Composer.Send {...props} />
      </Composer.Root>
    ),
  ],
  ['Composer.Hint', 'candor-composer-hint', (props) => <Composer.Hint {...props} />],
  ['MarkdownContent', 'candor-markdown', (props) => <MarkdownContent text="Hi" {...props} />],
  ['CodeBlock', 'candor-code', (props) => <CodeBlock code="let x" {...props} />],
  ['JsonView', 'candor-json', (props) => <JsonView value={{ a: 1 }} {...props} />],
  ['ToolCall', 'candor-tool-call', (props) => <ToolCall call={call} {...props} />],
  ['ToolCall.Root', 'candor-tool-call', (props) => <ToolCall.Root call={call} {...props} />],
  [
    'ToolCall.Head',
    'candor-tool-call-head',
    (props) => (
      <ToolCall.Root call={call}>
        <ToolCall.Head {...props} />
      </ToolCall.Root>
    ),
  ],
  [
    'ToolCall.Arguments',
    'candor-tool-call-section',
    (props) => (
      <ToolCall.Root call={call}>
        <ToolCall.Arguments {...props} />
      </ToolCall.Root>
    ),
  ],
  [
    'ToolCall.Progress',
    'candor-tool-call-progress',
    (props) => (
      <ToolCall.Root call={call} run={{ status: 'running', progress: { fraction: 0.5 } }}>
        <ToolCall.Progress {...props} />
      </ToolCall.Root>
    ),
  ],
  [
    'ToolCall.Result',
    'candor-tool-call-section',
    (props) => (
      <ToolCall.Root call={call} run={{ status: 'done', result: 1 }}>
        <ToolCall.Result {...props} />
      </ToolCall.Root>
    ),
  ],
  [
    'ToolCall.Error',
    'candor-tool-call-error',
    (props) => (
      <ToolCall.Root call={call} run={{ status: 'failed', errorText: 'No.' }}>
        <ToolCall.Error {...props} />
      </ToolCall.Root>
    ),
  ],
  [
    'ToolCall.Approval',
    'candor-tool-call-approval',
    (props) => (
      <ToolCall.Root call={call} run={{ status: 'waiting-for-approval' }}>
        <ToolCall.Approval onApprove={ignore} onDeny={ignore} {...props} />
      </ToolCall.Root>
    ),
  ],
  [
    'ToolCall.ResultForm',
    'candor-tool-call-approval',
    (props) => (
      <ToolCall.Root call={call} run={{ status: 'waiting-for-result' }}>
        <ToolCall.ResultForm onResult={ignore} {...props} />
      </ToolCall.Root>
    ),
  ],
  ['ToolCallGroup', 'candor-tool-call-group', (props) => <ToolCallGroup count={2} {...props} />],
  ['Chat', 'candor-chat', (props) => <Chat chat={staticChat({})} {...props} />],
]

for (const [name, className, element] of parts) describePart({ name, className, element })
