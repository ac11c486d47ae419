import { atRate, call } from './load.ts'
import { startProcess } from './processes.ts'
import { open, type Run, tokensOf, usage } from './shop-calls.ts'

/** Mixed load for a long time (`--only soak --seconds 3600`): does memory grow? */
export async function soakRows({ seconds, database }: Run): Promise<void> {
  const gateway = await startProcess('gateway-process.ts', ['20'])
  const shop = await startProcess('shop-process.ts', ['kit', await database('soak.db'), gateway.url])
  await call(`${gateway.url}/fail/0.1`)
  console.log(
    '\n## Soak: 50 opens/s and 100 status reads/s, a tenth of the status answers a 503\n\n| minute | MB | sockets |\n|--:|--:|--:|',
  )
  const rounds = Math.max(1, Math.round(seconds / 60))
  for (let round = 1; round <= rounds; round++) {
    const slice = seconds / rounds
    const opened = await atRate(50, slice, (index) => open(shop.url, 8_000_000 + round * 100_000 + index))
    const tokens = tokensOf(opened.filter(({ status }) => status === 201))
    await atRate(100, 5, (index) => call(`${shop.url}/orders/${tokens[index % tokens.length] ?? ''}`))
    await call(`${gateway.url}/pay-all`)
    const now = await usage(shop.url)
    console.log(`| ${round} | ${now.rssMb.toFixed(0)} | ${now.sockets} |`)
  }
  await shop.stop()
  await gateway.stop()
}
