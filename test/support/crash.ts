import { CRASH_POINTS, type CrashPoint } from '../../src/server/crash-points.ts'
import { orderOver, visitReturn } from './endpoint.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

export { CRASH_POINTS, type CrashPoint }

/** What one purchase went through whose shop was killed on the way. */
export interface CrashReport {
  readonly point: CrashPoint
  readonly purchase: string
  /** Did the shop die at the point, by SIGKILL? Otherwise nothing was proved. */
  readonly killed: boolean
  /** Orders at the gateway under references of this purchase, paid ones among them, and rows in `fulfilments`. */
  readonly orders: number
  readonly paid: number
  readonly fulfilled: number
  /** Broken invariants, of the whole world. */
  readonly violations: readonly string[]
}

/**
 * A buyer's whole way to a paid purchase, with a shop that kills itself the first time it reaches `point`, is started
 * again, and gets the buyer's next try: open, be sent to the gateway, pay, come back.
 */
export async function crashDrill(world: World, point: CrashPoint, purchase: string): Promise<CrashReport> {
  const armed = await world.restart({ IPAY_CRASH_AT: point })
  let dead = false
  let killed = false
  void armed.ended.then(({ signal }) => {
    dead = true
    killed = signal === 'SIGKILL'
  })

  const key = `drill-${purchase}`
  const revived = async () => {
    if (dead && world.shop === armed) await world.restart()
  }
  const opened = await until('a payable order', async () => {
    await revived()
    const reply = await orderOver(world.url, { cart: purchase, key }).catch(() => undefined)
    return reply?.status === 201 || reply?.status === 200 ? reply.body : undefined
  })
  const order = (await world.sandbox.orders()).find(({ referenceId }) => referenceId === opened.reference)
  if (!order) throw new Error(`${purchase}: the ledger has no order ${opened.reference}`)
  await world.sandbox.act(order.orderId, 'pay')

  await until('the return page', async () => {
    await revived()
    return (await visitReturn(world.url, opened.token, 'success').catch(() => undefined))?.status === 303
  })
  await until(`${purchase} to be fulfilled`, async () => {
    await revived()
    const done = (await world.database.read()).deliveries.some(
      (row) => row.done_at !== null && row.next_try_at === null,
    )
    return done && (await world.database.fulfilmentsOf(purchase)) > 0 && (await isDelivered(world, purchase))
  })

  // The books may be in order a moment before the end of the process is heard of.
  await until('the shop to die', () => dead, { within: 5_000 }).catch(() => {})
  const references = await referencesOf(world, purchase)
  const orders = (await world.sandbox.orders()).filter(({ referenceId }) => references.includes(referenceId))
  return {
    point,
    purchase,
    killed,
    orders: orders.length,
    paid: orders.filter(({ state }) => state === 'paid').length,
    fulfilled: await world.database.fulfilmentsOf(purchase),
    violations: await world.violations({ settled: true }),
  }
}

async function isDelivered(world: World, purchase: string): Promise<boolean> {
  const { payments, deliveries } = await world.database.read()
  const payment = payments.find((row) => row.purchase_id === purchase)
  return deliveries.some((row) => row.payment_id === payment?.id && row.done_at !== null)
}

async function referencesOf(world: World, purchase: string): Promise<string[]> {
  const { payments, attempts } = await world.database.read()
  const payment = payments.find((row) => row.purchase_id === purchase)
  return attempts.filter((row) => row.payment_id === payment?.id).map((row) => row.reference)
}
