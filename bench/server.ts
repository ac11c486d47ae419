/**
 * The server under load, beside a floor in the same run: `npm run bench:server -- [--seconds 20] [--rate 300]
 * [--no-floor] [--postgres | --database postgres://…] [--only open,status,lost,million,outage,instances,soak]`. Prints a table; nothing here passes or fails.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../test/support/postgres.ts'
import { instancesRows } from './server/instances.ts'
import { type Answer, atRate, call, percentile } from './server/load.ts'
import { fillStore } from './server/million.ts'
import { startProcess } from './server/processes.ts'

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
const file = async (name: string) =>
  postgres ? await postgres.createDatabase() : (values.database ?? `file:${join(folder, name)}`)

interface Usage {
  readonly cpuMs: number
  readonly rssMb: number
  readonly fulfilled: number
  readonly sockets: number
}
const read = async <T>(url: string) => JSON.parse((await call(url)).body) as T
const usage = (url: string) => read<Usage>(`${url}/_usage`)

const run = Date.now()
const open = (url: string, index: number): Promise<Answer> =>
  call(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `bench-${run}-${index}` },
    body: JSON.stringify({ order: { cart: `c-${run}-${index}` } }),
  })

/** How many answers were no 201, and which. */
function errorsIn(answers: readonly Answer[]): string {
  const errors = answers.filter(({ status }) => status !== 201)
  const kinds = new Set(errors.map(({ status, body }) => `${status} ${/"code":"([^"]*)"/.exec(body)?.[1] ?? ''}`))
  return `${errors.length}${kinds.size ? ` (${[...kinds].join(', ')})` : ''}`
}

/** Opens at the rate; prints what came of it and returns CPU milliseconds for a request. */
async function openRow(name: string, kind: 'kit' | 'floor', database: string): Promise<number> {
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

try {
  if (does('open')) {
    console.log('\n## Opening payments, the gateway answering in 100 ms\n')
    console.log('| | load | opened | errors | duplicates | p50 ms | p99 ms | CPU ms each | MB idle | MB under load |')
    console.log('|---|---|--:|--:|--:|--:|--:|--:|--:|--:|')
    const floor = values.floor
      ? await openRow('floor: one row, one call', 'floor', `file:${join(folder, 'floor.db')}`)
      : undefined
    const kit = await openRow('the kit', 'kit', await file('open.db'))
    if (floor) console.log(`\nCPU of an open request, ours ÷ floor: ${(kit / floor).toFixed(2)}`)
  }
  if (does('status')) await statusRows()
  if (does('lost')) await lostRows()
  if (does('million')) await millionRows()
  if (does('outage')) await outageRows()
  if (does('instances')) await instancesRows(seconds, rate)
  if (does('soak')) await soakRows()
} finally {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function statusRows() {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const shop = await startProcess('shop-process.ts', ['kit', await file('status.db'), gateway.url])
  // Twenty and no more: the reconciler's own questions about others would be counted too.
  const opened = await atRate(20, 1, (index) => open(shop.url, 2_000_000 + index))
  const tokens = opened.map(({ body }) => (JSON.parse(body) as { token: string }).token)
  const ask = (index: number) => call(`${shop.url}/orders/${tokens[index % 20] ?? ''}`)
  await atRate(500, 2, ask)
  const before = await read<{ status: number }>(`${gateway.url}/calls`)
  const answers = await atRate(2_000, Math.min(seconds, 20), ask)
  const after = await read<{ status: number }>(`${gateway.url}/calls`)
  const good = answers.filter(({ status }) => status === 200).length
  console.log('\n## Status reads, 2,000/s over 20 payments\n')
  console.log(
    `answered ${good} of ${answers.length}; p50 ${percentile(answers, 0.5).toFixed(1)} ms, p99 ${percentile(answers, 0.99).toFixed(1)} ms; questions to the gateway meanwhile: ${after.status - before.status}`,
  )
  await shop.stop()
  await gateway.stop()
}

async function lostRows() {
  const orders = 10_000
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const shop = await startProcess('shop-process.ts', ['kit', await file('lost.db'), gateway.url])
  await atRate(250, orders / 250, (index) => open(shop.url, 3_000_000 + index))
  await call(`${gateway.url}/fail/0.05`)
  await call(`${gateway.url}/pay-all`)
  const paidAt = performance.now()
  const target = (await read<{ orders: number }>(`${gateway.url}/calls`)).orders
  let done = 0
  while (done < target && performance.now() - paidAt < 300_000) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    done = (await usage(shop.url)).fulfilled
  }
  const calls = await read<{ status: number }>(`${gateway.url}/calls`)
  console.log('\n## Every return lost, 5 % of the gateway’s answers a 503\n')
  console.log(
    `${done} of ${target} paid orders fulfilled ${((performance.now() - paidAt) / 1_000).toFixed(0)} s after payment; ${calls.status} questions to the gateway in all`,
  )
  await shop.stop()
  await gateway.stop()
}

async function millionRows() {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const database = await file('million.db')
  const empty = await startProcess('shop-process.ts', ['kit', database, gateway.url], { BENCH_IDLE: '1' })
  await empty.stop()
  const plans = await fillStore(database, 1_000_000)
  const full = await startProcess('shop-process.ts', ['kit', database, gateway.url], { BENCH_IDLE: '1' })
  const answers = await atRate(100, 5, (index) => open(full.url, 4_000_000 + index))
  console.log('\n## 1,000,000 payments in the store\n')
  console.log(`start to ready: empty ${empty.startedInMs.toFixed(0)} ms, full ${full.startedInMs.toFixed(0)} ms`)
  console.log(
    `opening at 100/s: p50 ${percentile(answers, 0.5).toFixed(1)} ms, p99 ${percentile(answers, 0.99).toFixed(1)} ms`,
  )
  for (const [query, plan] of Object.entries(plans)) console.log(`- ${query}: ${plan}`)
  await full.stop()
  await gateway.stop()
}

/** The gateway falls silent under load: what buyers who only ask get meanwhile, and how fast opening works again. */
async function outageRows() {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const shop = await startProcess('shop-process.ts', ['kit', await file('outage.db'), gateway.url])
  const opened = await atRate(100, 3, (index) => open(shop.url, 5_000_000 + index))
  const tokens = opened.map(({ body }) => (JSON.parse(body) as { token: string }).token)
  await call(`${gateway.url}/hang`)
  const [opens, statuses, returns] = await Promise.all([
    atRate(100, seconds, (index) => open(shop.url, 6_000_000 + index)),
    atRate(100, seconds, (index) => call(`${shop.url}/orders/${tokens[index % tokens.length] ?? ''}`)),
    atRate(20, seconds, (index) => call(`${shop.url}/orders/${tokens[index % tokens.length] ?? ''}/return/success`)),
  ])
  const during = await usage(shop.url)
  await call(`${gateway.url}/wake`)
  const wokenAt = performance.now()
  let index = 7_000_000
  while ((await open(shop.url, index++)).status !== 201) await new Promise((resolve) => setTimeout(resolve, 100))
  const count = (answers: Answer[], status: number) => answers.filter((answer) => answer.status === status).length
  const times = (answers: Answer[]) =>
    `p50 ${percentile(answers, 0.5).toFixed(0)} ms, p99 ${percentile(answers, 0.99).toFixed(0)} ms`
  console.log(`\n## The gateway answers nothing for ${seconds} s, 100 opens/s, 100 status reads/s, 20 returns/s\n`)
  console.log(`- opens: ${count(opens, 503)} of ${opens.length} answered 503; ${times(opens)}`)
  console.log(`- status: ${count(statuses, 200)} of ${statuses.length} answered; ${times(statuses)}`)
  console.log(`- returns: ${count(returns, 303)} of ${returns.length} answered; ${times(returns)}`)
  console.log(`- sockets of the shop at the end of it: ${during.sockets}; memory ${during.rssMb.toFixed(0)} MB`)
  console.log(`- opening works ${((performance.now() - wokenAt) / 1_000).toFixed(1)} s after the gateway does`)
  await shop.stop()
  await gateway.stop()
}

/** Mixed load for a long time (`--only soak --seconds 3600`): does memory grow? */
async function soakRows() {
  const gateway = await startProcess('gateway-process.ts', ['20'])
  const shop = await startProcess('shop-process.ts', ['kit', await file('soak.db'), gateway.url])
  await call(`${gateway.url}/fail/0.1`)
  console.log(
    '\n## Soak: 50 opens/s and 100 status reads/s, a tenth of the status answers a 503\n\n| minute | MB | sockets |\n|--:|--:|--:|',
  )
  const rounds = Math.max(1, Math.round(seconds / 60))
  for (let round = 1; round <= rounds; round++) {
    const slice = seconds / rounds
    const opened = await atRate(50, slice, (index) => open(shop.url, 8_000_000 + round * 100_000 + index))
    const tokens = opened
      .filter(({ status }) => status === 201)
      .map(({ body }) => (JSON.parse(body) as { token: string }).token)
    await atRate(100, 5, (index) => call(`${shop.url}/orders/${tokens[index % tokens.length] ?? ''}`))
    await call(`${gateway.url}/pay-all`)
    const now = await usage(shop.url)
    console.log(`| ${round} | ${now.rssMb.toFixed(0)} | ${now.sockets} |`)
  }
  await shop.stop()
  await gateway.stop()
}
