import { createHmac } from 'node:crypto'
import { atRate, call, percentile } from './load.ts'
import { startProcess } from './processes.ts'
import { open, type Run, read, usage } from './shop-calls.ts'

const PAYMENTS = 500
/** Of ten notifications three were sent before, and two come after a later one. */
const sequence = (index: number): number => {
  const place = index % 10
  if (place < 3) return Math.max(0, index - 10)
  return place === 5 ? index + 1 : place === 6 ? index - 1 : index
}

/** A flood of signed notifications about orders that were paid: duplicates and wrong order included. */
export async function notificationRows({ seconds, database }: Run): Promise<void> {
  const gateway = await startProcess('gateway-process.ts', ['100'])
  const secret = 'bench-secret'
  const shop = await startProcess('shop-process.ts', ['notified', await database('notified.db'), gateway.url, secret])
  const opened = await atRate(100, PAYMENTS / 100, (index) => open(shop.url, 9_000_000 + index))
  const references = opened.map(({ body }) => (JSON.parse(body) as { reference: string }).reference)
  await call(`${gateway.url}/pay-all`)
  const before = await read<{ status: number }>(`${gateway.url}/calls`)
  const answers = await atRate(1_000, seconds, (index) => {
    const number = sequence(index)
    const body = JSON.stringify({
      id: `evt_${number}`,
      type: 'payment.succeeded',
      data: { metadata: { orderId: references[number % PAYMENTS] } },
    })
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    return call(`${shop.url}/orders/notifications/bench`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'ipay-signature': signature },
      body,
    })
  })
  const { fulfilled } = await usage(shop.url)
  const after = await read<{ status: number }>(`${gateway.url}/calls`)
  console.log('\n## 1,000 notifications/s, 30 % sent before, 20 % out of order\n')
  console.log(
    `${answers.filter(({ status }) => status === 200).length} of ${answers.length} stored and answered 200; p50 ${percentile(answers, 0.5).toFixed(1)} ms, p99 ${percentile(answers, 0.99).toFixed(1)} ms; ${fulfilled} of ${PAYMENTS} paid orders fulfilled once; ${after.status - before.status} questions to the gateway`,
  )
  await shop.stop()
  await gateway.stop()
}
