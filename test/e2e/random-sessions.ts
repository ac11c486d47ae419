import { parseArgs } from 'node:util'
import { ENGINES } from '../support/browsers.ts'
import { startEngine } from '../support/engines/index.ts'
import { startWorld } from '../support/world.ts'
import { randomSession } from './pages-random-session.ts'

/**
 * Random sessions: `npx node test/e2e/random-sessions.ts --sessions 5000 --seed 1 --engine chromium` (or firefox, webkit). Each
 * is one buyer, one cart and one to six accidents; after each of them the rules V1–V10 are checked. A broken one prints the
 * command that repeats it and ends the run with 1. Several runs with other seeds may go side by side.
 */
const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'chromium' },
  },
})
const name = ENGINES.find((engine) => engine === values.engine)
if (!name) throw new Error(`--engine is one of ${ENGINES.join(', ')}, not "${values.engine}".`)
const sessions = Number(values.sessions)
const seed = Number(values.seed)
const startedAt = performance.now()
let world = await startWorld({ proxied: true })
let engine = await startEngine(name)
let broken = 0
const counts = new Map<string, number>()
for (let session = 0; session < sessions; session++) {
  // Fresh books now and then: checking them costs more the longer they are.
  if (session > 0 && session % 100 === 0) {
    await engine.close()
    await world.stop()
    world = await startWorld({ proxied: true })
    engine = await startEngine(name)
  }
  const own = seed + session
  const { acts, problems } = await randomSession(world, engine, own)
  for (const act of acts) counts.set(act, (counts.get(act) ?? 0) + 1)
  if (problems.length > 0) {
    broken += 1
    process.stdout.write(`seed ${own}: ${acts.join(', ')}\n  ${problems.join('\n  ')}\n`)
    process.stdout.write(`  repeat: npx node test/e2e/random-sessions.ts --sessions 1 --seed ${own} --engine ${name}\n`)
  } else if ((session + 1) % 25 === 0) {
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    process.stdout.write(`${session + 1} sessions, ${broken} broken, ${seconds} s\n`)
  }
}
await engine.close()
await world.stop()
const accidents = [...counts].map(([act, count]) => `${act} ${count}`).join(', ')
process.stdout.write(`${sessions} sessions from seed ${seed} in ${name}: ${broken} broken\n${accidents}\n`)
process.exitCode = broken > 0 ? 1 : 0
