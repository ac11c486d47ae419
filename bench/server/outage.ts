import { type Answer, atRate, call, percentile } from './load.ts'
import { startProcess } from './processes.ts'
import { open, type Run, tokensOf, usage } from './shop-calls.ts'

/** The gateway falls silent under load: what buyers who only ask get meanwhile, and how fast opening works again. */
export async function outageRows({ seconds, database }: Run): Promise<void> {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const shop = await startProcess('shop-process.ts', ['kit', await database('outage.db'), gateway.url])
  const opened = await atRate(100, 3, (index) => open(shop.url, 5_000_000 + index))
  const tokens = tokensOf(opened)
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
