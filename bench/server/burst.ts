import { Agent } from 'node:http'
import { type Answer, atRate, call, percentile } from './load.ts'
import { startProcess } from './processes.ts'
import { open, type Run } from './shop-calls.ts'

/** As a proxy keeps them: of connections that are new Node takes one at a time, whatever the load. */
const CONNECTIONS = 1_000

/** Ten times the load for as long as told, over connections that stand, and how soon after it everything is as before. */
export async function burstRows({ seconds, rate, database }: Run): Promise<void> {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const shop = await startProcess('shop-process.ts', ['kit', await database('burst.db'), gateway.url])
  const kept = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const unknown = `${shop.url}/orders/${'x'.repeat(22)}`
  await Promise.all(Array.from({ length: CONNECTIONS }, () => call(unknown, { agent: kept })))
  await atRate(rate, 3, (index) => open(shop.url, 10_000_000 + index, kept))
  const startedAt = performance.now()
  const answers = await atRate(rate * 10, seconds, (index) => open(shop.url, 11_000_000 + index, kept))
  const overAt = startedAt + seconds * 1_000
  let calm: Answer[] = []
  for (let round = 0; round < 60; round++) {
    calm = await atRate(rate, 1, (index) => open(shop.url, 12_000_000 + round * 10_000 + index, kept))
    if (calm.every(({ status }) => status === 201) && percentile(calm, 0.99) < 400) break
  }
  const back = ((performance.now() - overAt) / 1_000).toFixed(1)
  const odd = answers.filter(({ status }) => ![201, 429, 503].includes(status))
  console.log(
    `\n## ${rate * 10} opens/s for ${seconds} s where ${rate} are usual, over ${CONNECTIONS} kept connections\n`,
  )
  console.log(
    `- ${count(answers, 201)} of ${answers.length} opened, ${count(answers, 429) + count(answers, 503)} told to come back, ${odd.length} anything else; p99 ${percentile(answers, 0.99).toFixed(0)} ms`,
  )
  console.log(`- a second of ${rate} opens without an error and with a p99 below 400 ms: ${back} s after the burst`)
  await shop.stop()
  await gateway.stop()
}

const count = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length
