import { startPostgres } from '../../test/support/postgres.ts'
import { type Answer, atRate, call, percentile } from './load.ts'
import { type BenchProcess, startProcess } from './processes.ts'

/** Every so many presses somebody presses at two instances at the same moment. */
const TWICE_EVERY = 5

/**
 * One instance and three on one PostgreSQL that syncs to the disk: the same load, every fifth purchase pressed at two
 * instances at once. A purchase that got two addresses would be a duplicate.
 */
export async function instancesRows(seconds: number, rate: number): Promise<void> {
  const postgres = await startPostgres({ durable: true })
  console.log(
    `\n## Instances on one PostgreSQL, ${rate} opens/s, every ${TWICE_EVERY}th pressed at two of them at once\n`,
  )
  console.log('| instances | purchases | presses answered | errors | duplicates | p50 ms | p99 ms | CPU ms each |')
  console.log('|--:|--:|--:|--:|--:|--:|--:|--:|')
  try {
    for (const count of [1, 3]) {
      const gateway = await startProcess('gateway-process.ts', ['100'])
      const database = await postgres.createDatabase()
      const shops: BenchProcess[] = []
      for (let i = 0; i < count; i++) shops.push(await startProcess('shop-process.ts', ['kit', database, gateway.url]))
      const shopAt = (index: number) => shops[index % count]?.url ?? ''
      const cpuMs = async () => {
        const all = await Promise.all(shops.map(({ url }) => call(`${url}/_usage`)))
        return all.reduce((sum, { body }) => sum + (JSON.parse(body) as { cpuMs: number }).cpuMs, 0)
      }
      await atRate(50, 2, (index) => press(shopAt(index), `warm-${index}`))
      const before = await cpuMs()
      const second: Promise<[number, Answer]>[] = []
      const first = await atRate(rate, seconds, (index) => {
        if (index % TWICE_EVERY === 0) {
          second.push(press(shopAt(index + 1), `c-${index}`).then((answer) => [index, answer]))
        }
        return press(shopAt(index), `c-${index}`)
      })
      const others = await Promise.all(second)
      const after = await cpuMs()
      const answers = [...first, ...others.map(([, answer]) => answer)]
      const good = answers.filter(({ status }) => status === 200 || status === 201)
      const duplicates = others.filter(([index, answer]) => differ(first[index], answer)).length
      console.log(
        `| ${count} | ${first.length} | ${good.length} | ${answers.length - good.length} | ${duplicates} | ${percentile(answers, 0.5).toFixed(1)} | ${percentile(answers, 0.99).toFixed(1)} | ${((after - before) / answers.length).toFixed(2)} |`,
      )
      for (const shop of shops) await shop.stop()
      await gateway.stop()
    }
  } finally {
    await postgres.stop()
  }
}

const press = (url: string, cart: string): Promise<Answer> =>
  call(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `instances-${cart}` },
    body: JSON.stringify({ order: { cart } }),
  })

const addressIn = (answer: Answer | undefined) =>
  answer && (JSON.parse(answer.body) as { paymentUrl?: string }).paymentUrl

function differ(one: Answer | undefined, other: Answer): boolean {
  const [first, second] = [addressIn(one), addressIn(other)]
  return first !== undefined && second !== undefined && first !== second
}
