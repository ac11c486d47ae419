import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { runCommand } from '../../../src/cli/run-command.ts'

export const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

/** Runs the command as a process of its own, to its end. */
export function runProcess(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let error = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    error += chunk
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error })))
}

/** Runs the command inside this process. */
export async function runInside(...args: string[]): Promise<Ended> {
  const out: string[] = []
  const error: string[] = []
  const code = await runCommand(args, { out: (line) => void out.push(line), error: (line) => void error.push(line) })
  return { code, out: out.join('\n'), error: error.join('\n') }
}
