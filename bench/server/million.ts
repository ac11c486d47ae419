import { sql } from 'kysely'
import { openStore } from '../../src/server/index.ts'
import { atRate, percentile } from './load.ts'
import { startProcess } from './processes.ts'
import { open, type Run } from './shop-calls.ts'

/** A store that has a million payments already. */
export async function millionRows({ database: newDatabase }: Run): Promise<void> {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const database = await newDatabase('million.db')
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

/** Fills a store with ended payments and some open ones, and tells how the database runs the three hot queries. */
async function fillStore(databaseUrl: string, count: number): Promise<Record<string, string>> {
  const store = await openStore(databaseUrl)
  const { db } = store
  const series =
    store.kind === 'postgres'
      ? sql`generate_series(1, ${sql.lit(count)}) as series(n)`
      : sql`(with recursive series(n) as (select 1 union all select n + 1 from series where n < ${sql.lit(count)}) select n from series) as series`
  await db.transaction().execute(async (tx) => {
    // A server that is used ends statements that take so long.
    if (store.kind === 'postgres') await sql`set local statement_timeout = 0`.execute(tx)
    await sql`insert into payments (id, token, purchase_id, state, amount, currency, description, order_json, return_to,
    refunded, claim_until, version, created_at, updated_at, attempt_id)
    select 'p' || n, 'token' || n, 'purchase' || n, 'paid', 125000, 'BDT', 'Mugs', '{}', '/', 0, 0, 1, 0, 0, 'a' || n
    from ${series}`.execute(tx)
    await sql`insert into attempts (id, payment_id, number, gateway, reference, amount, currency, state, refunded, read_at,
    checks, lease_until, created_at, updated_at, next_check_at)
    select 'a' || n, 'p' || n, 1, 'ipay', 'reference' || n, 125000, 'BDT', 'paid', 0, 0, 1, 0, 0, 0, null
    from ${series}`.execute(tx)
    await sql`analyze`.execute(tx)
  })
  const explain = store.kind === 'postgres' ? 'explain' : 'explain query plan'
  const plan = async (query: string) => {
    const result = await sql<Record<string, unknown>>`${sql.raw(`${explain} ${query}`)}`.execute(db)
    return result.rows.map((row) => String(row['detail'] ?? row['QUERY PLAN']).trim()).join(' / ')
  }
  const plans = {
    open: await plan(`select * from payments where purchase_id = 'purchase77'`),
    status: await plan(`select * from payments where token = 'token77'`),
    due: await plan(
      'select id from attempts where next_check_at <= 1000 and lease_until <= 1000 order by next_check_at limit 48',
    ),
  }
  await store.close()
  return plans
}
