import { defineTool, type CompletionEvent, type ToolCall } from '@candor/core'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import type { ChatMiddleware } from './ChatMiddleware.ts'
import { chatOn } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'

/**
 * Spans in OpenTelemetry's conventions for generative AI (opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans):
 * `chat {model}` for a request, `execute_tool {name}` for a tool, inside the span of the request that asked for it.
 */
function traceChat(tracer: Tracer): ChatMiddleware {
  return ({ chatId, client }) => {
    const { hostname, port } = new URL(client.baseURL)
    let span: Span | undefined
    const toolSpans = new Map<string, Span>()
    return {
      onRequest(request) {
        span = tracer.startSpan(`chat ${request.model}`, {
          kind: SpanKind.CLIENT,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': request.model,
            'gen_ai.conversation.id': chatId,
            'server.address': hostname,
            ...(port !== '' && { 'server.port': Number(port) }),
            ...(typeof request.temperature === 'number' && {
              'gen_ai.request.temperature': request.temperature,
            }),
            ...(typeof request.max_tokens === 'number' && {
              'gen_ai.request.max_tokens': request.max_tokens,
            }),
            ...(typeof request.n === 'number' &&
              request.n !== 1 && { 'gen_ai.request.choice.count': request.n }),
          },
        })
      },
      onEvent(event: CompletionEvent) {
        if (event.type === 'text-delta') span?.addEvent('gen_ai.choice.delta')
      },
      onEnd(answers) {
        const [answer] = answers
        if (answer === undefined || span === undefined) return
        span.setAttributes({
          'gen_ai.response.model': answer.model,
          'gen_ai.response.finish_reasons': answers.map(({ finishReason }) => finishReason ?? 'none'),
          ...(typeof answer.envelope.id === 'string' && { 'gen_ai.response.id': answer.envelope.id }),
          ...(answer.usage && {
            'gen_ai.usage.input_tokens': answer.usage.prompt_tokens,
            'gen_ai.usage.output_tokens': answer.usage.completion_tokens,
          }),
        })
        if (answer.error !== undefined) {
          span.setAttribute('error.type', String(answer.error.status ?? answer.error.type))
          span.setStatus({ code: SpanStatusCode.ERROR, message: answer.error.message })
        }
        span.end()
      },
      onToolRun(call: ToolCall, run) {
        const name = call.type === 'function' ? call.function.name : call.custom.name
        if (run.status === 'running' && !toolSpans.has(call.id)) {
          const parent = span === undefined ? undefined : trace.setSpan(ROOT_CONTEXT, span)
          toolSpans.set(
            call.id,
            tracer.startSpan(
              `execute_tool ${name}`,
              {
                attributes: {
                  'gen_ai.operation.name': 'execute_tool',
                  'gen_ai.tool.name': name,
                  'gen_ai.tool.call.id': call.id,
                },
              },
              parent,
            ),
          )
        }
        if (run.durationMs === undefined) return
        const toolSpan = toolSpans.get(call.id)
        if (run.errorText !== undefined) {
          toolSpan?.setAttribute('error.type', run.status)
          toolSpan?.setStatus({ code: SpanStatusCode.ERROR, message: run.errorText })
        }
        toolSpan?.end()
      },
    }
  }
}

function createTracer() {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  return { tracer: provider.getTracer('candor'), spans: () => exporter.getFinishedSpans() }
}

const dice = defineTool({
  name: 'roll_dice',
  parameters: z.object({ sides: z.number() }),
  execute({ sides }) {
    if (sides > 6) throw new Error('the dice fell off the table')
    return 4
  },
})

describe('tracing by OpenTelemetry', () => {
  it('makes a span of each request, with model, parameters, usage and finish reasons', async () => {
    const { tracer, spans } = createTracer()
    const server = createScriptedServer()
    const chat = chatOn(server, { id: 'thread-1', middleware: [traceChat(tracer)] })
    const turn = chat.actions.send('Hello', { temperature: 0, max_tokens: 20 })
    const exchange = await server.next()
    exchange.chunk({
      id: 'chatcmpl-1',
      model: 'scripted-2026',
      choices: [{ index: 0, delta: { content: 'Hi.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
    })
    exchange.done()
    await turn
    expect(spans()).toHaveLength(1)
    expect(spans()[0]).toMatchObject({
      name: 'chat scripted',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.conversation.id': 'thread-1',
        'gen_ai.request.model': 'scripted',
        'gen_ai.request.temperature': 0,
        'gen_ai.request.max_tokens': 20,
        'gen_ai.response.model': 'scripted-2026',
        'gen_ai.response.id': 'chatcmpl-1',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 9,
        'gen_ai.usage.output_tokens': 2,
        'server.address': 'model.test',
      },
    })
  })

  it('makes a span of each tool inside that of its request', async () => {
    const { tracer, spans } = createTracer()
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [dice], middleware: [traceChat(tracer)] })
    const turn = chat.actions.send('Roll two dice.')
    const exchange = await server.next()
    exchange.call('call_1', 'roll_dice', { sides: 6 }, 0)
    exchange.call('call_2', 'roll_dice', { sides: 20 }, 1)
    exchange.finish('tool_calls')
    ;(await server.next()).answer('A four.')
    await turn
    const [request, ...others] = spans()
    expect(request?.attributes['gen_ai.response.finish_reasons']).toEqual(['tool_calls'])
    const tools = others.filter(({ name }) => name === 'execute_tool roll_dice')
    expect(tools.map((span) => span.attributes['gen_ai.tool.call.id'])).toEqual(['call_1', 'call_2'])
    expect(tools.map((span) => span.parentSpanContext?.spanId)).toEqual([
      request?.spanContext().spanId,
      request?.spanContext().spanId,
    ])
    expect(tools.map((span) => span.attributes['error.type'])).toEqual([undefined, 'failed'])
  })

  it('marks the span of a request that fails', async () => {
    const { tracer, spans } = createTracer()
    const server = createScriptedServer()
    const chat = chatOn(server, { middleware: [traceChat(tracer)] })
    const turn = chat.actions.send('Hello')
    await server.refuseNext(401, { error: { message: 'Wrong key' } })
    await turn
    expect(spans()[0]).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': '401' },
    })
  })
})
