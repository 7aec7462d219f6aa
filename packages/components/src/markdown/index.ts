export { CodeBlock, type CodeBlockOwnProps } from './CodeBlock.tsx'
export { MarkdownContent, type MarkdownOwnProps } from './MarkdownContent.tsx'
export type { MarkdownPolicy } from './MarkdownPolicy.ts'
