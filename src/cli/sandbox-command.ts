import { parseArgs } from 'node:util'
import { GATEWAY_PATHS, machineClock, startSandbox } from '../sandbox/index.ts'
import { type Command, UsageError } from './command.ts'
import { shown } from './shown.ts'

const USAGE = `Usage: pay-with-ipay sandbox [options]

Starts the iPay simulator: the three gateways, their payment pages, and control requests below /_sandbox.
It runs until it is interrupted (Ctrl+C).

Options:
  --port N             port to listen on; 0 lets the system choose (default 3001)
  --host ADDRESS       address to listen on (default 127.0.0.1: this machine only)
  --public-url URL     origin of the payment pages, where it is not the address above
  --journal FILE       keep the ledger in FILE, so that it survives a restart
  --clock-offset-ms N  shift the simulator's clock, to try expiry`

function wholeNumber(name: string, text: string, lowest: number, highest: number): number {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= lowest && value <= highest)) {
    throw new UsageError(`--${name} has to be a whole number from ${lowest} to ${highest}, not "${text}".`)
  }
  return value
}

function origin(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--public-url has to be an http(s) URL, not "${shown(text)}".`)
  return url.origin
}

/** `pay-with-ipay sandbox`: runs the simulator until SIGINT or SIGTERM. */
export const sandboxCommand: Command = {
  summary: 'run the iPay simulator',
  usage: USAGE,
  async run(args, terminal) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3001' },
        host: { type: 'string', default: '127.0.0.1' },
        'public-url': { type: 'string' },
        journal: { type: 'string' },
        'clock-offset-ms': { type: 'string', default: '0' },
      },
    })
    const offsetMs = wholeNumber('clock-offset-ms', values['clock-offset-ms'], -1e14, 1e14)
    const sandbox = await startSandbox({
      port: wholeNumber('port', values.port, 0, 65_535),
      host: values.host,
      clock: machineClock(offsetMs),
      ...(values.journal !== undefined && { journal: values.journal }),
      ...(values['public-url'] !== undefined && { publicUrl: origin(values['public-url']) }),
    })
    terminal.out(`simulator ready at ${sandbox.url}`)
    terminal.out(`With environment 'sandbox', baseUrl is for
  ipayGateway          ${sandbox.url}${GATEWAY_PATHS.ipay}
  ipayPaymentsGateway  ${sandbox.url}${GATEWAY_PATHS['ipay-payments']}
  ipaySessionsGateway  ${sandbox.url}${GATEWAY_PATHS['ipay-sessions']}`)
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    await sandbox.stop()
    return 0
  },
}
