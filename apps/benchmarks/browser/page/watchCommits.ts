/** What this file reads of React's tree; the same in React 18 and 19. */
interface Fiber {
  readonly tag: number
  readonly type: unknown
  readonly key: string | null
  readonly flags: number
  readonly return: Fiber | null
  readonly child: Fiber | null
  readonly sibling: Fiber | null
  readonly alternate: Fiber | null
}

/** What was counted since the last `take`. */
export interface CommitCounts {
  commits: number
  /** By the part's key. */
  renders: Record<string, number>
}

/** A memoised component with a comparison of its own: a fiber around that of the component. */
const memoTag = 14
/** Function components, plain, with a ref, or memoised. */
const componentTags = new Set([0, 11, memoTag, 15])
/** React's own mark of a component that was called in this commit. */
const performedWork = 1
/** The components that draw one part of a message, in the plain lists and in Candor's chat. */
const partNames = new Set(['PlainPart', 'PartView'])

let counts: CommitCounts = { commits: 0, renders: {} }
let walks = false

/**
 * React calls this after each commit, in production too: it is how its developer tools come in. The module must be loaded
 * before React.
 */
Reflect.set(globalThis, '__REACT_DEVTOOLS_GLOBAL_HOOK__', {
  supportsFiber: true,
  inject: () => 1,
  onCommitFiberUnmount() {},
  onPostCommitFiberRoot() {},
  onCommitFiberRoot(_: number, root: { current: Fiber }) {
    counts.commits += 1
    if (walks) hasRendered(root.current, null)
  },
})

export function countRenders(isOn: boolean): void {
  walks = isOn
}

export function takeCommitCounts(): CommitCounts {
  const taken = counts
  counts = { commits: 0, renders: {} }
  return taken
}

/** Whether a component was called in a fiber or below it; counts each part in which one was. */
function hasRendered(fiber: Fiber, before: Fiber | null): boolean {
  let rendered = componentTags.has(fiber.tag) && (fiber.flags & performedWork) !== 0
  // The same child means that React did not go down here.
  if (before === null || fiber.child !== before.child) {
    for (let child = fiber.child; child !== null; child = child.sibling) {
      if (hasRendered(child, child.alternate)) rendered = true
    }
  }
  if (rendered && partNames.has(nameOf(fiber.type)) && fiber.return?.tag !== memoTag) {
    const key = fiber.key ?? 'text'
    counts.renders[key] = (counts.renders[key] ?? 0) + 1
  }
  return rendered
}

function nameOf(type: unknown): string {
  const {
    name,
    displayName,
    type: inner,
  } = (type ?? {}) as { name?: string; displayName?: string; type?: unknown }
  return displayName ?? (name === undefined && inner !== undefined ? nameOf(inner) : (name ?? ''))
}
