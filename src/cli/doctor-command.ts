import { readFileSync } from 'node:fs'
import { parseArgs, parseEnv } from 'node:util'
import { type Command, UsageError } from './command.ts'
import type { Finding, Variables } from './doctor/finding.ts'
import { lookAtGateway } from './doctor/look-at-gateway.ts'
import { lookAtSettings } from './doctor/look-at-settings.ts'
import { lookAtStore } from './doctor/look-at-store.ts'

const USAGE = `Usage: pay-with-ipay doctor [options]

Looks at the settings in the environment (the table in README.md: PORT, PUBLIC_URL, IPAY_*, DATABASE_URL, LOG_LEVEL …) by the
rules that the reference shop starts with, at the database, and asks the gateway one harmless question once the settings are
right. Says what has to be changed, creates nothing, and prints no secret. Exits with 1 when something is wrong.

Options:
  --settings FILE   settings in a file of NAME=value lines; the environment comes first`

const MARKS = { ok: 'ok     ', wrong: 'WRONG  ', skipped: 'skipped' } as const

/** `pay-with-ipay doctor`: a line for each thing that a payment needs. */
export const doctorCommand: Command = {
  summary: "look at a shop's settings, database and gateway",
  usage: USAGE,
  async run(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: { settings: { type: 'string' } } })
    const variables = { ...variablesIn(values.settings), ...given(process.env) }
    const node: Finding = { what: 'Node', verdict: 'ok', words: process.versions.node }
    const { findings: aboutSettings, settings } = lookAtSettings(variables)
    const databaseUrl = settings?.databaseUrl ?? variables['DATABASE_URL'] ?? 'file:data/shop.db'
    const findings = [
      node,
      ...aboutSettings,
      ...(aboutSettings.some(({ what }) => what === 'DATABASE_URL') ? [] : [await lookAtStore(databaseUrl)]),
      ...(await lookAtGateway(settings, Date.now)),
    ]
    const width = Math.max(...findings.map(({ what }) => what.length))
    for (const { what, verdict, words } of findings)
      terminal.out(`  ${MARKS[verdict]}  ${what.padEnd(width)}  ${words}`)
    return findings.some(({ verdict }) => verdict === 'wrong') ? 1 : 0
  },
}

/** Without empty ones, which count as unset. */
const given = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([, text]) => text !== undefined && text !== ''))

function variablesIn(path: string | undefined): Variables {
  if (path === undefined) return {}
  try {
    return given(parseEnv(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new UsageError(`--settings: ${error instanceof Error ? error.message : String(error)}`)
  }
}
