import './node-guard.mjs'
import { parseArgs } from 'node:util'
import { CRASH_POINTS, crashDrill } from '../test/support/crash.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { startWorld } from '../test/support/world.ts'

/**
 * Kills the example shop at every crash point as often as told and compares the gateway's ledger with the shop's
 * database: `npx node scripts/crash-drill.ts --times 20 [--postgres]`. Exits with 1 when anything was lost, doubled or not killed.
 */
const { values } = parseArgs({
  options: { times: { type: 'string', default: '20' }, postgres: { type: 'boolean', default: false } },
})
const times = Number(values.times)

const postgres = values.postgres ? await startPostgres() : undefined
const world = await startWorld(postgres ? { databaseUrl: await postgres.createDatabase() } : {})
const faults: string[] = []
console.log('point                    killed  orders  paid  fulfilled')
try {
  for (const point of CRASH_POINTS) {
    const sum = { killed: 0, orders: 0, paid: 0, fulfilled: 0 }
    for (let run = 1; run <= times; run++) {
      const report = await crashDrill(world, point, `${point}-${run}`)
      sum.killed += report.killed ? 1 : 0
      sum.orders += report.orders
      sum.paid += report.paid
      sum.fulfilled += report.fulfilled
      faults.push(...report.violations)
    }
    const numbers = [sum.killed, sum.orders, sum.paid, sum.fulfilled].map((number) => String(number).padStart(6))
    console.log(`${point.padEnd(24)}${numbers.join('  ')}`)
    if (sum.killed !== times) faults.push(`${point}: killed ${sum.killed} of ${times} times`)
    if (sum.paid !== times || sum.fulfilled !== times) {
      faults.push(`${point}: ${sum.paid} paid and ${sum.fulfilled} fulfilled of ${times}`)
    }
  }
} finally {
  await world.stop()
  await postgres?.stop()
}
for (const fault of new Set(faults)) console.log(fault)
console.log(faults.length === 0 ? 'nothing lost, nothing doubled' : `${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
