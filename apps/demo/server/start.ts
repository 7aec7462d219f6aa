// `pnpm start`: the demo's page and a real model for it, on this machine. Start reading here:
//
//   start.ts            what the terminal shows, and Ctrl-C
//   startDemo.ts        page and model together; tests use it too
//   createEndpoint.ts   the model's states: fetched, started, ready, died, started again
//   candorServer.ts     what the page reaches under /candor, and who is kept out
//   model/              fetching (ensureModel.ts) and running (startModelServer.ts, serve.py) the model
//   record.ts           `pnpm record`: real answers for tests and stories

import { parseArgs } from 'node:util'

import { createTerminalStatus } from './createTerminalStatus.ts'
import { startDemo, type Demo, type StartDemoOptions } from './startDemo.ts'

const help = `Starts the demo and a small real model for it.

  pnpm start [--port 5173] [--no-model]

  --port N      serve the page there, or say that the port is taken (also: PORT)
  --no-model    start the page alone and type an address in it

Other models, by environment variable:
  CANDOR_BASE_URL, CANDOR_API_KEY, CANDOR_MODEL_NAME   an endpoint; nothing local is started
  CANDOR_GGUF=/path/to/model.gguf                      a model file of your own
  CANDOR_LLAMA_SERVER=1 (or a path)                    your own llama-server instead of the packaged one
  CANDOR_CACHE_DIR, CANDOR_PYTHON                      where the model is kept, and the Python to run it with`

function readOptions(): StartDemoOptions | 'help' {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'no-model': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return 'help'
  const given = values.port ?? (process.env['PORT'] || undefined)
  const port = given === undefined ? undefined : Number(given)
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    throw new Error(`${given} is not a port: it is a number from 1 to 65535.`)
  }
  return { model: !values['no-model'], ...(port !== undefined && { port, strictPort: true }) }
}

/** Ends the process when the terminal, the user or a parent says so: all of it within 3 seconds, at once if told twice. */
function endOnSignal(demo: Promise<Demo>): void {
  let ending = false
  async function end(): Promise<void> {
    if (ending) process.exit(1)
    ending = true
    setTimeout(() => process.exit(1), 2_900).unref()
    await demo.then((running) => running.close()).catch(() => {})
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Vite's own listener would exit before the model has ended.
    process.removeAllListeners(signal)
    process.on(signal, () => void end())
  }
}

try {
  const options = readOptions()
  if (options === 'help') {
    console.log(help)
  } else {
    const starting = startDemo(options)
    endOnSignal(starting)
    const demo = await starting
    endOnSignal(starting)
    const wanted = options.port ?? 5173
    if (demo.port !== wanted && wanted !== 0) console.log(`Port ${wanted} is in use; taking ${demo.port}.`)
    console.log(`\n  Candor is at ${demo.url}\n`)
    const show = createTerminalStatus(process.stdout)
    show(demo.endpoint.status())
    demo.endpoint.subscribe(show)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
