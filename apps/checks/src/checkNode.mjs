// Loaded before a script of this repository (`node --import`), in plain JavaScript so that an old Node can say why it
// cannot go on instead of "Unknown file extension .ts".

const [oldestMajor, oldestMinor] = [22, 18]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  console.error(
    `Node ${process.versions.node} is too old: Candor's scripts are TypeScript, which Node runs from ${oldestMajor}.${oldestMinor} on.\n` +
      'Install a newer Node, or run the script through pnpm on Linux x64, which brings its own.',
  )
  process.exit(1)
}
