'use client'
import type { InferSchema, JsonPath, PartialDeep, SchemaSource } from '@candor/core'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'

import type { ChatActions, ChatHandle } from './ChatHandle.ts'
import type { ChatMiddleware } from './ChatMiddleware.ts'
import type { ChatOptions } from './ChatOptions.ts'
import { createStructuredSource, type ValueIssue } from './createStructuredSource.ts'
import type { AnswerFormat, StructuredForm } from './structuredRequest.ts'
import { useChat } from './useChat.ts'

/** What a structured answer needs to know. */
export interface StructuredCompletionOptions<Schema extends SchemaSource> extends ChatOptions {
  /** What the answer must be: zod, arktype, any Standard Schema, or raw JSON Schema. */
  schema: Schema
  /** What the form is called, for the model: letters, digits, `_` and `-`, at most 64. @default 'answer' */
  name?: string
  /** What the form is for, for the model. */
  description?: string
  /** Whether the server shall hold the model to the schema exactly. @default where the schema has a strict form */
  strict?: boolean
  /**
   * How the form is asked for; a function gives the parameters of one server, such as
   * `(schema) => ({ guided_json: schema })`. @default the strictest way that `profile` says the server takes
   */
  format?: AnswerFormat
}

/** A structured answer while it comes in, and after. */
export interface StructuredCompletion<Value> {
  /** The value so far: typed, with parts missing; what is finished keeps its identity. */
  readonly partial: PartialDeep<Value> | undefined
  /** The value, once the answer has ended and fits the schema. */
  readonly value: Value | undefined
  /** What is wrong with the answer, by path; empty while it grows and when it fits. */
  readonly issues: readonly ValueIssue[]
  /** The text of the answer, as the model wrote it. */
  readonly text: string
  /** The words with which the model declined to answer; `null` when it did not. */
  readonly refusal: string | null
  /** Whether the value at a path will not change any more. */
  readonly isPathComplete: (path: JsonPath) => boolean
  /** Asks, as `chat.send`. */
  readonly send: ChatActions['send']
  /** Stops, as `chat.stop`. */
  readonly stop: ChatActions['stop']
  /** The conversation behind it: status, error, usage, retry, and all else. */
  readonly chat: ChatHandle
}

/**
 * Asks for a value of a schema: a typed value that grows with the answer, and is checked at its end.
 *
 * @example
 * const person = useStructuredCompletion({ client, request: { model }, schema: z.object({ name: z.string() }) })
 * person.send('Invent a person.')
 */
export function useStructuredCompletion<const Schema extends SchemaSource>(
  options: StructuredCompletionOptions<Schema>,
): StructuredCompletion<InferSchema<Schema>>
export function useStructuredCompletion(
  options: StructuredCompletionOptions<SchemaSource>,
): StructuredCompletion<unknown> {
  const [latest] = useState(() => createLatest(options))
  useEffect(() => latest.set(options))
  const chat = useChat({ ...options, middleware: [latest.askForForm, ...(options.middleware ?? [])] })
  const { store, send, stop } = chat
  const source = useMemo(() => createStructuredSource(store, latest.schema), [store, latest])
  const state = useSyncExternalStore(source.subscribe, source.getState, source.getState)
  return { ...state, send, stop, chat }
}

interface LatestOptions {
  set: (options: StructuredCompletionOptions<SchemaSource>) => void
  schema: () => SchemaSource
  askForForm: ChatMiddleware
}

/** The options of the last render, for what happens between renders. */
function createLatest(first: StructuredCompletionOptions<SchemaSource>): LatestOptions {
  let options = first
  return {
    set(next) {
      options = next
    },
    schema: () => options.schema,
    askForForm: () => ({
      async onRequest(request) {
        const { structuredRequest } = await import('./structuredRequest.ts')
        return structuredRequest(request, formOf(options))
      },
    }),
  }
}

function formOf(options: StructuredCompletionOptions<SchemaSource>): StructuredForm {
  const { schema, name = 'answer', description, strict, format, profile } = options
  return { schema, name, description, strict, format, profile }
}
