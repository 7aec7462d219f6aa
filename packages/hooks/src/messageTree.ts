import type { ChatMessage } from '@candor/core'

import type { Branches, ChatState } from './ChatHandle.ts'

type Messages = Record<string, ChatMessage>

/**
 * The same messages with some replaced, in time that does not depend on how many there are: the settled ones become
 * the prototype, those that grow are its own properties. A copy of 10,000 keys a frame is what this avoids.
 */
export function overlay(messages: ChatState['messages'], changed: readonly ChatMessage[]): Messages {
  const beneath = layerBeneath(messages)
  const result: Messages = Object.create(beneath ?? messages)
  if (beneath !== null) Object.assign(result, messages)
  for (const message of changed) result[message.id] = message
  return result
}

/** All messages in one layer, in an object of its own. */
export function settle(messages: ChatState['messages']): Messages {
  const result: Messages = Object.create(null)
  return Object.assign(result, layerBeneath(messages), messages)
}

function layerBeneath(messages: ChatState['messages']): Messages | null {
  const prototype: Messages | null = Object.getPrototypeOf(messages)
  return prototype
}

/**
 * The ids of the messages that differ between two states, in time that does not depend on how many there are;
 * `undefined` where that takes a look at all. States with the same settled messages beneath differ in what grew since.
 */
export function changedIds(
  before: ChatState['messages'],
  now: ChatState['messages'],
): readonly string[] | undefined {
  const beneath = layerBeneath(now)
  const isSameBeneath = beneath !== null && (beneath === before || beneath === layerBeneath(before))
  if (!isSameBeneath) return before === now ? [] : undefined
  const grown = beneath === before ? Object.keys(now) : Object.keys({ ...before, ...now })
  return grown.filter((id) => before[id] !== now[id])
}

type BranchesByParent = Record<string, Branches>

/** Without a prototype, so that no id is taken for the name of an object's method. */
export function copyBranches(branches: ChatState['branches']): BranchesByParent {
  const copy: BranchesByParent = Object.create(null)
  return Object.assign(copy, branches)
}

/** Puts a message beside its siblings. */
export function addBranch(branches: BranchesByParent, message: ChatMessage, isShown: boolean): void {
  const siblings = branches[message.parentId ?? '']
  branches[message.parentId ?? ''] = {
    ids: siblings === undefined ? [message.id] : [...siblings.ids, message.id],
    shown: isShown || siblings === undefined ? message.id : siblings.shown,
  }
}

/** Takes a message from its siblings; the last one is shown in its place. */
export function removeBranch(branches: BranchesByParent, message: ChatMessage): void {
  const parentId = message.parentId ?? ''
  const siblings = branches[parentId]
  if (siblings === undefined) return
  const ids = siblings.ids.filter((id) => id !== message.id)
  const lastId = ids.at(-1)
  if (lastId === undefined) delete branches[parentId]
  else branches[parentId] = { ids, shown: siblings.shown === message.id ? lastId : siblings.shown }
}

/** The messages that are shown, first to last. */
export function shownIds(branches: BranchesByParent): string[] {
  const ids: string[] = []
  for (let next = branches['']; next !== undefined; next = branches[next.shown]) ids.push(next.shown)
  return ids
}
