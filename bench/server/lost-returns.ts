import { atRate, call } from './load.ts'
import { startProcess } from './processes.ts'
import { open, type Run, read, usage } from './shop-calls.ts'

/** Paid orders whose buyers never come back. */
export async function lostRows({ database }: Run): Promise<void> {
  const orders = 10_000
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const shop = await startProcess('shop-process.ts', ['kit', await database('lost.db'), gateway.url])
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
