import { parseArgs } from 'node:util'
import { type Command, type Terminal, UsageError } from './command.ts'
import { shown } from './shown.ts'
import { ask } from './verify/ask.ts'
import type { Check, Target } from './verify/check.ts'
import { openings } from './verify/opening.ts'
import { refusals } from './verify/refusals.ts'

const USAGE = `Usage: pay-with-ipay verify <order-endpoint> [options]

Checks a shop's order endpoint from outside, whatever it is written in. Without --order nothing is opened.
Exits with 1 when a check fails.

Options:
  --order JSON         an order that the shop sells: opens a payment (which nobody pays) and checks it
  --header "Name: V"   a header of every request, such as a cookie; may be given several times
  --payment-host HOST  an extra host that payment pages may be on; may be given several times

Example:
  pay-with-ipay verify http://localhost:3000/ipay/orders --order '{"cart":"verify","items":[{"sku":"mug","quantity":1}]}'`

/** `pay-with-ipay verify`: prints a line for each rule, and whether the endpoint keeps it. */
export const verifyCommand: Command = {
  summary: "check a shop's order endpoint from outside",
  usage: USAGE,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        order: { type: 'string' },
        header: { type: 'string', multiple: true, default: [] },
        'payment-host': { type: 'string', multiple: true, default: [] },
      },
    })
    const [address, ...more] = positionals
    if (address === undefined || more.length > 0) throw new UsageError('Name one order endpoint.')
    const target = { endpoint: parseEndpoint(address), headers: Object.fromEntries(values.header.map(parseHeader)) }
    const order = values.order === undefined ? undefined : { value: parseOrder(values.order) }

    await reach(target)
    const checks = [...refusals(target), ...(order ? openings(target, order.value, values['payment-host']) : [])]
    const failed = await runAll(checks, terminal)
    terminal.out('')
    terminal.out(`${checks.length - failed} kept, ${failed} broken`)
    if (!order) terminal.out('Nothing was opened: add --order to check opening and status too.')
    return failed > 0 ? 1 : 0
  },
}

/** Runs the checks in order, printing each; returns how many failed. */
async function runAll(checks: readonly Check[], terminal: Terminal): Promise<number> {
  let failed = 0
  for (const { rule, run } of checks) {
    try {
      await run()
      terminal.out(`  ok      ${rule}`)
    } catch (error) {
      failed += 1
      terminal.out(`  BROKEN  ${rule}`)
      terminal.out(`          ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return failed
}

async function reach({ endpoint, headers }: Target): Promise<void> {
  try {
    await ask({ method: 'OPTIONS', url: endpoint, headers })
  } catch (error) {
    const reason = error instanceof Error ? error.message || String(error.cause ?? error.name) : String(error)
    throw new Error(`Nothing answers at ${shown(endpoint.href)}: ${reason}`, { cause: error })
  }
}

function parseEndpoint(text: string): URL {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`"${shown(text)}" is not an http(s) URL.`)
  return url
}

function parseHeader(text: string): [name: string, value: string] {
  const parts = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([\t -~]*)$/.exec(text)
  if (!parts) throw new UsageError(`"${text}" is not a header: write "Name: value".`)
  return [parts[1] as string, parts[2] as string]
}

function parseOrder(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError('--order has to be JSON.')
  }
}
