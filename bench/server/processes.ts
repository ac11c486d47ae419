import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of the bench and the address that it listens on. */
export interface BenchProcess {
  readonly url: string
  readonly startedInMs: number
  stop(): Promise<void>
}

/** Starts a script of this folder, whose first line of output names its port. */
export async function startProcess(script: string, args: string[], env: Record<string, string> = {}) {
  const started = performance.now()
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const port = await firstPort(child)
  return {
    url: `http://127.0.0.1:${port}`,
    startedInMs: performance.now() - started,
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  } satisfies BenchProcess
}

async function firstPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('the process has no output')
  for await (const chunk of child.stdout)
    return (JSON.parse(String(chunk).split('\n')[0] ?? '{}') as { port: number }).port
  throw new Error('the process ended before it listened')
}
