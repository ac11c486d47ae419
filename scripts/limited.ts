import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ROOT } from './run.mjs'

/** What a command is called in words, how long it may take, and variables on top of ours. */
export interface Limits {
  readonly name: string
  readonly withinMs: number
  readonly env?: Readonly<Record<string, string>>
}

const GRACE_MS = 5_000

/**
 * Runs Node with these arguments in a process group of its own, output where ours goes, and returns its exit code. What
 * takes too long is ended with everything that it started, and so is everything when we are ended ourselves.
 */
export async function runLimited(args: readonly string[], { name, withinMs, env = {} }: Limits): Promise<number> {
  const child = spawn(process.execPath, [...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    detached: true,
  })
  const end = (signal: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, signal)
    } catch {
      // The group is gone already.
    }
  }
  const endNow = () => end('SIGKILL')
  const interrupted = () => process.exit(130)
  process.once('exit', endNow)
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)

  let late = false
  const limit = setTimeout(() => {
    late = true
    console.error(`\n✖ ${name} did not end within ${withinMs / 1000} s and is ended now; the last lines name what ran.`)
    end('SIGTERM')
    setTimeout(endNow, GRACE_MS).unref()
  }, withinMs)
  const [code] = await once(child, 'exit')
  clearTimeout(limit)
  // Whatever it left behind: nobody waits for it any more.
  endNow()
  process.off('exit', endNow)
  process.off('SIGINT', interrupted)
  process.off('SIGTERM', interrupted)
  return late ? 1 : (code ?? 1)
}
