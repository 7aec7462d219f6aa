const OLDEST_NODE = [22, 18] as const

/** Ends the process with a plain word when Node is too old to run TypeScript files directly. */
export function checkNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  console.error(
    `Node ${version} is too old: Candor's scripts are TypeScript, which Node runs from ${OLDEST_NODE.join('.')} on.\n` +
      'Install a newer Node, or run the script through pnpm on Linux x64, which brings its own.',
  )
  process.exit(1)
}
