import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type History, runHistory } from './history.ts'

/** `npx node test/simulation/run.ts --histories 1000000 --seed 1`: runs seeds one after the other and says which broke a rule. */
const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
})

const first = Number(values.seed)
const count = Number(values.histories)
const startedAt = performance.now()
let failed = 0
let presses = 0
let kills = 0
let paid = 0
const rejections: unknown[] = []
process.on('unhandledRejection', (error) => rejections.push(error))

for (let seed = first; seed < first + count; seed++) {
  const history: History = await runHistory(seed, { keepTrace: values.trace })
  // A long run that is cut short has said how far it came.
  if ((seed - first + 1) % 50_000 === 0) console.error(`${seed - first + 1} histories, ${failed} broke a rule`)
  presses += history.presses
  kills += history.kills
  paid += history.paid
  if (values.trace) console.log(history.trace.join('\n'))
  const violations = [...history.violations, ...rejections.splice(0).map((error) => `V9: unhandled ${error}`)]
  if (violations.length > 0) {
    failed += 1
    console.log(`seed ${seed}: ${violations.join(' · ')}`)
    console.log(`  replay: npx node test/simulation/run.ts --histories 1 --seed ${seed} --trace`)
    if (failed >= 20) break
  }
}
const seconds = (performance.now() - startedAt) / 1_000
console.log(
  `${count} histories in ${seconds.toFixed(1)} s (${((seconds / count) * 1_000).toFixed(2)} ms each, ${availableParallelism()} cores seen): ` +
    `${presses} presses, ${kills} kills, ${paid} orders paid, ${failed} histories broke a rule`,
)
process.exitCode = failed > 0 ? 1 : 0
