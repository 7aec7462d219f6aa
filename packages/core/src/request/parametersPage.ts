import type { JsonSchema } from '../wire.ts'
import { isObject } from './checkJson.ts'
import { describeSchema, showValue } from './describeSchema.ts'
import type { EndpointProfile, MessageFacts, ParameterFact, PrefillDialect } from './EndpointProfile.ts'
import { MESSAGES, PARAMETERS, PARTS, TOOLS } from './parameters.ts'
import { endpointProfiles } from './profiles/index.ts'
import { REQUEST_RULES } from './requestRules.ts'

/**
 * The page of the documentation that lists every parameter: written from the table that checks them, the rules, the
 * profiles and the comments of `wire.ts`, so that it cannot say anything else.
 */
export function parametersPage(wireSource: string): string {
  const names = Object.keys(PARAMETERS)
  return `# Parameters of a request

Written from the code that checks them (\`src/request/parameters.ts\`, \`requestRules.ts\`, \`profiles/\`); a test holds it to that. **Error** means that
the request is not sent; **warning** means that it is, and that \`onWarning\` is told. Parameters that stand nowhere here pass
through untouched.

| parameter | takes | default |
| --- | --- | --- |
${names.map((name) => overviewRow(name)).join('\n')}

## Each parameter

${names.map((name) => parameterSection(name, wireSource)).join('\n\n')}

## Messages, content parts and tools

\`developer\` and \`system\` hold text; \`user\` text, pictures, sounds and files; \`assistant\` text and refusals; \`tool\` text.

| kind | fields |
| --- | --- |
${[...Object.entries(MESSAGES), ...Object.entries(PARTS), ...Object.entries(TOOLS)].map(([kind, schema]) => kindRow(kind, schema)).join('\n')}

## Order of messages

- **Error**: a \`tool\` message must follow, perhaps after its siblings, an assistant message whose \`tool_calls\` has its \`tool_call_id\`.
- **Error**: every tool call must be answered before any other role speaks, and before the request ends.
- **Error**: an assistant message needs \`content\` or \`tool_calls\` (a refusal or an earlier spoken answer will do).
- **Error**: two calls of one message may not share an id; from turn to turn they may.
- **Warning**: a call that is answered twice; arguments that are not a JSON object.
- **Warning**, by profile: which roles may come last, turns that must alternate, one leading system message.

## Servers

${endpointProfiles.map(profileSection).join('\n\n')}
`
}

function schemaOf(name: string): JsonSchema {
  const schemas: { readonly [name: string]: JsonSchema } = PARAMETERS
  return schemas[name] ?? {}
}

function overviewRow(name: string): string {
  const { default: standard } = schemaOf(name)
  const shown = standard === undefined ? '' : `\`${showValue(standard)}\``
  return `| [\`${name}\`](#${name}) | ${cell(describeSchema(schemaOf(name)))} | ${shown} |`
}

function parameterSection(name: string, wireSource: string): string {
  const schema = schemaOf(name)
  const lines = [`### \`${name}\``, '', commentOf(name, wireSource), '', `- Takes ${describeSchema(schema)}.`]
  if (isObject(schema.advice)) lines.push(`- Anything but ${describeSchema(schema.advice)} is a **warning**.`)
  lines.push(...memberLines(schema))
  for (const rule of REQUEST_RULES) {
    if (rule.path !== name) continue
    const level = typeof rule.level === 'function' ? rule.level(undefined) : rule.level
    lines.push(`- **${level === 'error' ? 'Error' : 'Warning'}**: ${rule.problem} ${rule.hint}`)
  }
  const differing = endpointProfiles.flatMap((profile) => differences(name, profile))
  if (differing.length > 0)
    lines.push('', 'Servers that differ:', '', ...differing.map((line) => `- ${line}`))
  return lines.join('\n')
}

/** The comment above a parameter in `wire.ts`: what the editor shows. */
function commentOf(name: string, wireSource: string): string {
  const start = wireSource.indexOf('export interface ChatCompletionParams')
  const pattern = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*${name}\\??:`)
  const [, comment = ''] = pattern.exec(wireSource.slice(start)) ?? []
  return comment
    .replaceAll(/\n\s*\*/g, ' ')
    .replace(/@default.*$/s, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function memberLines(schema: JsonSchema): string[] {
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isObject) : [schema]
  return branches.flatMap((branch) => membersOf(branch, '').map((line) => `- ${line}`))
}

function membersOf(schema: JsonSchema, path: string, isOptional = false): string[] {
  if (!isObject(schema.properties)) return []
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    if (!isObject(property)) return []
    const place = path === '' ? name : `${path}.${name}`
    const isFree = isOptional || !required.includes(name)
    const members = membersOf(property, place, isFree)
    const line = `\`${place}\`${isFree ? ' (optional)' : ''}: ${describeSchema(property)}`
    return members.length > 0 ? members : [line]
  })
}

function kindRow(kind: string, schema: JsonSchema): string {
  const fields = membersOf(schema, '').filter((line) => !line.startsWith('`type`'))
  return `| \`${kind}\` | ${cell(fields.join('; '))} |`
}

function differences(name: string, profile: EndpointProfile): string[] {
  const ownNames: { readonly [name: string]: string } = { ...profile.rename }
  const own = ownNames[name]
  const facts: { readonly [name: string]: ParameterFact } = { ...profile.parameters }
  const fact = facts[name]
  return [
    ...(own === undefined ? [] : [`**${profile.name}** calls it \`${own}\`; it is renamed.`]),
    ...(fact ? [`**${profile.name}** ${describeFact(fact)}`] : []),
    ...(profile.models ?? []).flatMap(({ pattern, parameters }) => {
      const byModel: { readonly [name: string]: ParameterFact } = parameters
      const special = byModel[name]
      return special ? [`**${profile.name}**, models \`${pattern}\`: ${describeFact(special)}`] : []
    }),
  ]
}

function describeFact({ support, reason, schema }: ParameterFact): string {
  switch (support) {
    case 'refused':
      return `refuses it. ${reason}`
    case 'ignored':
      return `ignores it without a word. ${reason}`
    case 'deprecated':
      return `is replacing it. ${reason}`
    case 'limited':
      return `takes only ${describeSchema(schema)}. ${reason}`
    case 'wider':
      return `takes ${describeSchema(schema)}. ${reason}`
    default: {
      const unknown: never = support
      return unknown
    }
  }
}

function profileSection(profile: EndpointProfile): string {
  const { auth, rename = {}, conflicts = [], messages = {}, prefill } = profile
  const lines = [
    `### ${profile.name}`,
    '',
    `- Profile \`${profile.id}\`, at ${profile.baseURL === undefined ? 'an address of the account' : `\`${profile.baseURL}\``}; requests go to \`${profile.path ?? '/chat/completions'}\`${
      profile.query === undefined ? '' : ` with \`${new URLSearchParams(profile.query).toString()}\``
    }.`,
    `- The key goes as \`${auth?.header ?? 'Authorization'}: ${auth?.prefix ?? 'Bearer '}…\`.`,
    ...Object.entries(rename).map(([name, own]) => `- \`${name}\` is sent as \`${own}\`.`),
    `- Parameters that nobody knows: ${profile.unknownParameters ?? 'ignored'}.`,
    ...messageLines(messages),
    ...conflicts.map(
      ({ parameters, reason }) =>
        `- Not together: ${parameters.map((name) => `\`${name}\``).join(', ')}. ${reason}`,
    ),
    `- An answer that was begun: ${describePrefill(prefill)}.`,
  ]
  const schemas: { readonly [name: string]: JsonSchema } = { ...profile.extraParameters }
  const extra = Object.entries(schemas)
  if (extra.length > 0) {
    lines.push(
      '',
      '| its own parameter | takes |',
      '| --- | --- |',
      ...extra.map(([name, schema]) => `| \`${name}\` | ${cell(describeSchema(schema))} |`),
    )
  }
  return lines.join('\n')
}

function messageLines(facts: MessageFacts): string[] {
  const lines: string[] = []
  for (const [role, other] of Object.entries(facts.roles ?? {}))
    lines.push(`- The role \`${role}\` is sent as \`${other}\`.`)
  const kept = [
    ...(facts.keep ?? []),
    ...(facts.keepOnToolCalls ?? []).map((field) => `tool_calls[].${field}`),
  ]
  if (kept.length > 0)
    lines.push(`- Wants back of its answers: ${kept.map((field) => `\`${field}\``).join(', ')}.`)
  if (facts.unknownFields === 'refused') lines.push('- Refuses message fields that it does not know.')
  for (const [field, reason] of Object.entries(facts.refused ?? {}))
    lines.push(`- Refuses \`${field}\` of messages: ${reason}`)
  for (const [kind, reason] of Object.entries(facts.refusedParts ?? {}))
    lines.push(`- Refuses \`${kind}\` parts: ${reason}`)
  if (facts.parts)
    lines.push(`- Takes parts of its own: ${facts.parts.map((kind) => `\`${kind}\``).join(', ')}.`)
  if (facts.imagesAsDataOnly) lines.push('- Takes pictures only as `data:` URLs.')
  if (facts.emptyContentAsText) lines.push("- Wants `content: ''` rather than null beside tool calls.")
  if (facts.toolCallId) lines.push(`- Ids of tool calls: ${facts.toolCallId.hint}.`)
  const { lastRoles, noUserAfterTool, noTwoTrailingAssistants } = facts.sequence ?? {}
  if (lastRoles)
    lines.push(`- The last message must be of ${lastRoles.map((role) => `\`${role}\``).join(' or ')}.`)
  if (noUserAfterTool) lines.push('- No user message right after a tool message.')
  if (noTwoTrailingAssistants) lines.push('- Not two assistant messages at the end.')
  return lines
}

function describePrefill(dialect: PrefillDialect | undefined): string {
  switch (dialect?.style) {
    case 'trailing':
      return 'the assistant message at the end is continued as it is'
    case 'body-flags':
      return '`continue_final_message: true`, `add_generation_prompt: false`'
    case 'message-flag':
      return `\`${dialect.flag}: true\` on the message${dialect.baseURL === undefined ? '' : `, at \`${dialect.baseURL}\``}`
    case 'none':
      return 'cannot be continued'
    case undefined:
      return 'not known'
    default: {
      const unknown: never = dialect
      return unknown
    }
  }
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
