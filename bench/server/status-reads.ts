import { atRate, call, percentile } from './load.ts'
import { startProcess } from './processes.ts'
import { open, type Run, read, tokensOf } from './shop-calls.ts'

/** Status reads of a crowd. */
export async function statusRows({ seconds, database }: Run): Promise<void> {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const shop = await startProcess('shop-process.ts', ['kit', await database('status.db'), gateway.url])
  // Twenty and no more: the reconciler's own questions about others would be counted too.
  const opened = await atRate(20, 1, (index) => open(shop.url, 2_000_000 + index))
  const tokens = tokensOf(opened)
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
