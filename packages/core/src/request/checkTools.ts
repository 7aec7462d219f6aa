import { isObject } from './checkJson.ts'
import { checkStrictSchema } from './checkStrictSchema.ts'
import { showValue } from './describeSchema.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import type { IssueList } from './IssueList.ts'
import { TOOLS } from './parameters.ts'

type Params = { readonly [name: string]: unknown }

/** What is wrong with the tools, with what the model is told to choose among them, and with strict schemas. */
export function checkTools(params: Params, profile: EndpointProfile | undefined, list: IssueList): void {
  const { tools } = params
  if (Array.isArray(tools)) checkToolList(tools, profile, list)
  checkToolChoice(params.tool_choice, tools, list)
  const format = params.response_format
  if (isObject(format) && isObject(format.json_schema) && format.json_schema.strict === true) {
    checkStrict(format.json_schema.schema, 'response_format.json_schema.schema', profile, list)
  }
}

function checkToolList(
  tools: readonly unknown[],
  profile: EndpointProfile | undefined,
  list: IssueList,
): void {
  if (tools.length > 128) {
    const problem = `There are ${tools.length} tools.`
    list.warning(
      'tools',
      'unusual',
      problem,
      'OpenAI took at most 128; models choose badly long before that.',
    )
  }
  const names = new Map<string, number>()
  tools.forEach((tool, index) => {
    const path = `tools[${index}]`
    if (!isObject(tool)) {
      list.error(
        path,
        'wrong-type',
        `${showValue(tool)} is no tool.`,
        'Give an object with `type` and `function`.',
      )
      return
    }
    const kind = tool.type
    const schema = typeof kind === 'string' && Object.hasOwn(TOOLS, kind) ? TOOLS[kind] : undefined
    if (!schema) {
      // Kinds of one server only (`web_search`, `retrieval`, …) pass; a missing kind never does.
      if (typeof kind !== 'string') {
        const problem = kind === undefined ? 'It is missing.' : `${showValue(kind)} is no kind of tool.`
        list.error(
          `${path}.type`,
          kind === undefined ? 'missing' : 'wrong-type',
          problem,
          'Give "function" or "custom".',
        )
      } else if (profile?.unknownParameters === 'refused') {
        const problem = `${profile.name} does not know tools of type ${showValue(kind)}.`
        list.warning(`${path}.type`, 'refused', problem, 'Known are "function" and "custom".')
      }
      return
    }
    list.check(path, schema, tool, 'OpenAI refuses longer ones.')
    const name = nameOf(tool)
    if (name === undefined) return
    const twin = names.get(name)
    if (twin !== undefined) {
      const place = `${path}.${String(kind)}.name`
      const problem = `tools[${twin}] has the name ${showValue(name)} already.`
      list.error(place, 'tool-name-twice', problem, 'Give each tool a name of its own.')
    }
    names.set(name, index)
    if (isObject(tool.function) && tool.function.strict === true) {
      const { parameters } = tool.function
      // Without parameters a function takes no arguments, which is as strict as can be.
      if (parameters !== undefined) checkStrict(parameters, `${path}.function.parameters`, profile, list)
    }
  })
}

function nameOf(tool: unknown): string | undefined {
  if (!isObject(tool)) return undefined
  const described = tool.type === 'function' || tool.type === 'custom' ? tool[tool.type] : undefined
  return isObject(described) && typeof described.name === 'string' ? described.name : undefined
}

function checkToolChoice(choice: unknown, tools: unknown, list: IssueList): void {
  if (!isObject(choice) || !Array.isArray(tools)) return
  const available = tools.map((tool: unknown) => {
    const name = nameOf(tool)
    return isObject(tool) && name !== undefined ? `${String(tool.type)} ${name}` : ''
  })
  const checkName = (chosen: unknown, path: string): void => {
    const name = nameOf(chosen)
    if (!isObject(chosen) || name === undefined || available.includes(`${String(chosen.type)} ${name}`))
      return
    list.error(
      `${path}.${String(chosen.type)}.name`,
      'tool-unknown',
      `No ${String(chosen.type)} of the tools has the name ${showValue(name)}.`,
      `There are ${available.filter((tool) => tool !== '').join(', ') || 'none'}.`,
    )
  }
  checkName(choice, 'tool_choice')
  const allowed = isObject(choice.allowed_tools) ? choice.allowed_tools.tools : undefined
  if (!Array.isArray(allowed)) return
  allowed.forEach((tool: unknown, index) => checkName(tool, `tool_choice.allowed_tools.tools[${index}]`))
}

function checkStrict(
  schema: unknown,
  path: string,
  profile: EndpointProfile | undefined,
  list: IssueList,
): void {
  const { level = 'warning', limits } = profile?.strictSchema ?? {}
  list.issues.push(...checkStrictSchema(schema, { path, level, ...(limits && { limits }) }))
}
