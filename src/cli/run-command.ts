import { readFileSync } from 'node:fs'
import { type Command, isUsageError, type Terminal } from './command.ts'
import { doctorCommand } from './doctor-command.ts'
import { sandboxCommand } from './sandbox-command.ts'
import { verifyCommand } from './verify-command.ts'

const COMMANDS: Readonly<Record<string, Command>> = {
  sandbox: sandboxCommand,
  verify: verifyCommand,
  doctor: doctorCommand,
}

const USAGE = [
  'Usage: pay-with-ipay <command> [options]',
  '',
  'Commands:',
  ...Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`),
  '',
  'pay-with-ipay <command> --help tells more about one, pay-with-ipay --version says which version this is.',
].join('\n')

/** Runs one command line; resolves with the exit code: 0 done, 1 failed, 2 wrong arguments. */
export async function runCommand([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.out(USAGE)
    return 0
  }
  if (name === '--version' || name === '-v') {
    terminal.out(version())
    return 0
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    terminal.error(name === undefined ? USAGE : `Unknown command "${name}".\n\n${USAGE}`)
    return 2
  }
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(command.usage)
    return 0
  }
  try {
    return await command.run(args, terminal)
  } catch (error) {
    if (isUsageError(error)) {
      terminal.error(`${error.message}\n\n${command.usage}`)
      return 2
    }
    terminal.error(error instanceof Error ? error.message : String(error))
    return 1
  }
}

/** As package.json has it, which lies at the same distance from the sources as from what is built. */
const version = (): string => JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
