/**
 * The server under load, beside a floor in the same run: `npm run bench:server -- [--seconds 20] [--rate 300]
 * [--no-floor] [--postgres | --database postgres://…] [--only open,status,lost,million,outage,notifications,burst,instances,soak]`. Prints a table; nothing here passes or fails.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../test/support/postgres.ts'
import { burstRows } from './server/burst.ts'
import { instancesRows } from './server/instances.ts'
import { lostRows } from './server/lost-returns.ts'
import { millionRows } from './server/million.ts'
import { notificationRows } from './server/notifications.ts'
import { openingRows } from './server/opening.ts'
import { outageRows } from './server/outage.ts'
import type { Run } from './server/shop-calls.ts'
import { soakRows } from './server/soak.ts'
import { statusRows } from './server/status-reads.ts'

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '300' },
    database: { type: 'string' },
    postgres: { type: 'boolean', default: false },
    floor: { type: 'boolean', default: true },
    only: { type: 'string', default: 'open,status,lost,million,outage' },
  },
})
const seconds = Number(values.seconds)
const rate = Number(values.rate)
const does = (name: string) => values.only.split(',').includes(name)
const folder = mkdtempSync(join(tmpdir(), 'ipay-bench-'))
/** A cluster for this run alone, which syncs to the disk. */
const postgres = values.postgres ? await startPostgres({ durable: true }) : undefined
const database = async (name: string) =>
  postgres ? await postgres.createDatabase() : (values.database ?? `file:${join(folder, name)}`)

const run: Run = { seconds, rate, database }

try {
  if (does('open')) await openingRows(run, values.floor ? `file:${join(folder, 'floor.db')}` : undefined)
  if (does('status')) await statusRows(run)
  if (does('lost')) await lostRows(run)
  if (does('million')) await millionRows(run)
  if (does('outage')) await outageRows(run)
  if (does('notifications')) await notificationRows(run)
  if (does('burst')) await burstRows(run)
  if (does('instances')) await instancesRows(seconds, rate)
  if (does('soak')) await soakRows(run)
} finally {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}
