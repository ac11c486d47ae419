import './node-guard.mjs'
import { parseArgs } from 'node:util'
import { killStorm } from '../test/support/kill-storm.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { seededRandom } from '../test/support/seeded-random.ts'
import { startWorld } from '../test/support/world.ts'

/**
 * Kills the example shop at random moments while buyers buy, and compares the books at the end:
 * `npx node scripts/kill-storm.ts --kills 5000 [--buyers 8] [--seed 1] [--postgres]`; SIGINT ends it early. Exits with 1 when
 * anything was lost or doubled. SIGKILL says nothing about power loss: that rests on WAL with `synchronous=FULL`, and on
 * PostgreSQL's defaults.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    buyers: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    postgres: { type: 'boolean', default: false },
  },
})
const early = new AbortController()
process.once('SIGINT', () => early.abort())
const postgres = values.postgres ? await startPostgres() : undefined
const world = await startWorld(postgres ? { databaseUrl: await postgres.createDatabase() } : {})
try {
  const report = await killStorm(world, {
    kills: Number(values.kills),
    buyers: Number(values.buyers),
    random: seededRandom(Number(values.seed)),
    signal: early.signal,
    killed: (kills, purchases) => {
      if (kills % 250 === 0) console.log(`${kills} kills, ${purchases} purchases`)
    },
  })
  console.log(JSON.stringify({ database: postgres ? 'postgres' : 'sqlite', seed: Number(values.seed), ...report }))
  process.exitCode = report.violations.length || report.fulfilled !== report.purchases ? 1 : 0
} finally {
  await world.stop()
  await postgres?.stop()
}
