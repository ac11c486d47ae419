import { type Answer, atRate, percentile } from './load.ts'
import { startProcess } from './processes.ts'
import { open, type Run, usage } from './shop-calls.ts'

/** Opening payments, with the kit and with a floor. `floorFile`: where the floor writes its rows; left out: no floor. */
export async function openingRows(run: Run, floorFile: string | undefined): Promise<void> {
  console.log('\n## Opening payments, the gateway answering in 100 ms\n')
  console.log('| | load | opened | errors | duplicates | p50 ms | p99 ms | CPU ms each | MB idle | MB under load |')
  console.log('|---|---|--:|--:|--:|--:|--:|--:|--:|--:|')
  const floor = floorFile ? await openRow(run, 'floor: one row, one call', 'floor', floorFile) : undefined
  const kit = await openRow(run, 'the kit', 'kit', await run.database('open.db'))
  if (floor) console.log(`\nCPU of an open request, ours ÷ floor: ${(kit / floor).toFixed(2)}`)
}

/** Opens at the rate; prints what came of it and returns CPU milliseconds for a request. */
async function openRow({ rate, seconds }: Run, name: string, kind: 'kit' | 'floor', database: string): Promise<number> {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const shop = await startProcess('shop-process.ts', [kind, database, gateway.url])
  const idle = await usage(shop.url)
  await atRate(50, 2, (index) => open(shop.url, 1_000_000 + index))
  const before = await usage(shop.url)
  const answers = await atRate(rate, seconds, (index) => open(shop.url, index))
  const after = await usage(shop.url)
  const created = answers.filter(({ status }) => status === 201)
  const urls = new Set(created.map(({ body }) => (JSON.parse(body) as { paymentUrl: string }).paymentUrl))
  const cpu = (after.cpuMs - before.cpuMs) / answers.length
  console.log(
    `| ${name} | ${rate}/s × ${seconds} s | ${created.length} | ${errorsIn(answers)} | ${created.length - urls.size} | ${percentile(answers, 0.5).toFixed(1)} | ${percentile(answers, 0.99).toFixed(1)} | ${cpu.toFixed(2)} | ${idle.rssMb.toFixed(0)} | ${after.rssMb.toFixed(0)} |`,
  )
  await shop.stop()
  await gateway.stop()
  return cpu
}

/** How many answers were no 201, and which. */
function errorsIn(answers: readonly Answer[]): string {
  const errors = answers.filter(({ status }) => status !== 201)
  const kinds = new Set(errors.map(({ status, body }) => `${status} ${/"code":"([^"]*)"/.exec(body)?.[1] ?? ''}`))
  return `${errors.length}${kinds.size ? ` (${[...kinds].join(', ')})` : ''}`
}
