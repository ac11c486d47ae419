import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = `${ROOT}server-example/main.ts`

/** How a process ended: its exit code, or the signal that ended it. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The example shop as a child process, as a merchant would run it. */
export interface ShopProcess {
  readonly port: number
  /** The address in its ready line, without a slash at its end. */
  readonly url: string
  /** Everything it printed so far, both streams. */
  output(): string
  readonly ended: Promise<Ending>
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<void>
  /** Sends SIGTERM and returns how it ended. */
  stop(): Promise<Ending>
}

/** The shop's settings. PORT is a free one unless given. */
export type ShopSettings = Readonly<Record<string, string | undefined>>

/** The parent's variables without the shop's own, so that a developer's settings never reach a test. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(IPAY_|SIMULATOR_|DATABASE_URL|PUBLIC_URL|PORT|HOST$|LOG_LEVEL|NODE_TEST_CONTEXT|NODE_OPTIONS)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}

/**
 * Starts the shop without waiting: for settings that it is expected to refuse. With another `command` than Node's own, such
 * as npm's, the child leads a process group, so that the whole of it can be sent a signal.
 */
export function spawnShop(
  settings: ShopSettings,
  command?: readonly [string, ...string[]],
): {
  child: ChildProcess
  output: () => string
  ended: Promise<Ending>
} {
  const [program, ...args] = command ?? [process.execPath, MAIN]
  const child = spawn(program, args, {
    cwd: ROOT,
    detached: command !== undefined,
    env: { ...cleanEnvironment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  const killNow = () => child.kill('SIGKILL')
  process.once('exit', killNow)
  const ended = once(child, 'close').then(([code, signal]): Ending => {
    process.off('exit', killNow)
    return { code, signal }
  })
  return { child, output: () => text, ended }
}

/** Starts the shop and waits for its line `shop ready at …`. Throws with its output when it ends before. */
export async function startShop(settings: ShopSettings): Promise<ShopProcess> {
  const port = Number(settings['PORT'] ?? (await freePort()))
  const { child, output, ended } = spawnShop({ ...settings, PORT: String(port) })
  let ending: Ending | undefined
  void ended.then((value) => {
    ending = value
  })
  const url = await until('the line "shop ready at"', () => {
    const found = /shop ready at (\S+?)\/?(?:"|\s)/.exec(output())
    if (!found && ending) return 'ended'
    return found?.[1]
  })
  if (url === 'ended') throw new Error(`the shop ended with ${JSON.stringify(ending)}:\n${output()}`)

  async function signal(name: NodeJS.Signals): Promise<Ending> {
    child.kill(name)
    return ended
  }
  return {
    port,
    url,
    output,
    ended,
    kill: async () => void (await signal('SIGKILL')),
    stop: () => signal('SIGTERM'),
  }
}
