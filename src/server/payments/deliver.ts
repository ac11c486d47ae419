import type { DeliveryRow, PaymentRow } from '../store/port.ts'
import { withDeadline } from './deadline.ts'
import type { Deps, PaidPayment } from './deps.ts'
import { raiseFlag } from './flags.ts'
import { deliveryPauseMs } from './schedule.ts'
import { createWorker, type Worker } from './worker.ts'

const TICK_MS = 1_000
/** A handler that takes longer counts as hanging and is called again; it may still finish, hence "at least once". */
const HANDLER_DEADLINE_MS = 30_000
const LEASE_MS = HANDLER_DEADLINE_MS + 15_000
const BATCH = 16
/** After this many failures the operator is called; trying goes on. */
const ALARM_AFTER_TRIES = 5

/** Calls the shop's paid handler for every paid payment until it worked: at least once, the payment's id being the key. */
export function createDeliverer(deps: Deps): Worker {
  async function round(): Promise<boolean> {
    const now = deps.clock.now()
    const due = await deps.store.transaction((rows) =>
      rows.claimDueDeliveries({ owner: deps.instance, now, until: now + LEASE_MS, limit: BATCH }),
    )
    const results = await Promise.allSettled(due.map((delivery) => deliver(deps, delivery)))
    for (const result of results) if (result.status === 'rejected') report(result.reason)
    return due.length === BATCH && results.some((result) => result.status === 'fulfilled')
  }
  const report = (error: unknown) => deps.telemetry.log('error', 'delivery-round-failed', { error: String(error) })
  return createWorker(deps.clock, TICK_MS, round, report)
}

async function deliver(deps: Deps, delivery: DeliveryRow): Promise<void> {
  const payment = await deps.store.rows.payment(delivery.payment_id)
  if (!payment) return
  deps.reached('before-paid-handler')
  const paid = await asPaidPayment(deps, payment)
  // A process that slept since it took the lease must not repeat what another one has done meanwhile.
  const isHeld = isSame(await deps.store.rows.delivery(delivery.payment_id), delivery)
  if (!isHeld || deps.clock.now() >= delivery.lease_until) return
  const error = await callHandler(deps, paid, payment.order_json)
  if (error === undefined) deps.reached('after-paid-handler')
  const now = deps.clock.now()
  const flagged = await deps.store.transaction(async (rows) => {
    await rows.lockPayment(payment.id)
    const current = await rows.delivery(delivery.payment_id)
    if (!current || current.done_at !== null) return false
    // A failure tells nothing about the call that whoever holds the lease now has under way.
    if (error !== undefined && !isSame(current, delivery)) return false
    const tries = current.tries + 1
    await rows.updateDelivery(delivery.payment_id, {
      tries,
      lease: null,
      lease_until: 0,
      last_error: error ?? null,
      ...(error === undefined ? { done_at: now, next_try_at: null } : { next_try_at: now + deliveryPauseMs(tries) }),
    })
    const event = error === undefined ? 'delivered' : 'delivery-failed'
    const detail = error ?? null
    const attemptId = payment.attempt_id
    await rows.audit({ payment_id: payment.id, attempt_id: attemptId, at: now, cause: 'delivery', event, detail })
    if (error === undefined || tries !== ALARM_AFTER_TRIES) return false
    return raiseFlag(rows, { payment, attempt: { id: attemptId ?? payment.id }, kind: 'delivery-failing', now, detail })
  })
  deps.telemetry.count('ipay_deliveries_total', { outcome: error === undefined ? 'done' : 'failed' })
  if (flagged) deps.telemetry.alarm('delivery-failing', { reference: payment.id, tries: ALARM_AFTER_TRIES })
  if (error === undefined) deps.reached('after-paid-acknowledged')
}

/** Whether the lease that `taken` was handed out with still stands. */
const isSame = (current: DeliveryRow | undefined, taken: DeliveryRow) =>
  current?.done_at === null && current.lease === taken.lease && current.lease_until === taken.lease_until

/** Undefined when the handler worked, else a short reason; what it threw goes to the log, not to the database. */
async function callHandler(
  deps: Deps,
  paid: Omit<PaidPayment, 'order'>,
  orderJson: string,
): Promise<string | undefined> {
  try {
    // A text that somebody broke is a failed try like any other: it is counted, and the operator hears of it.
    const order: unknown = JSON.parse(orderJson)
    return await withDeadline(deps.clock, HANDLER_DEADLINE_MS, async (signal) => {
      const late = new Promise<string>((resolve) => {
        signal.addEventListener('abort', () => resolve('The paid handler took longer than 30 s'))
      })
      const done = Promise.resolve(deps.onPaid({ ...paid, order }, { signal })).then(() => undefined)
      return Promise.race([done, late])
    })
  } catch (error) {
    deps.telemetry.log('error', 'paid-handler-failed', { payment: paid.id, error: String(error) })
    return 'The paid handler threw'
  }
}

async function asPaidPayment(deps: Deps, payment: PaymentRow): Promise<Omit<PaidPayment, 'order'>> {
  const attempt = payment.attempt_id === null ? undefined : await deps.store.rows.attempt(payment.attempt_id)
  return {
    id: payment.id,
    token: payment.token,
    purchaseId: payment.purchase_id,
    amount: { minor: payment.amount, currency: payment.currency },
    reference: attempt?.reference ?? payment.id,
    transactionId: payment.transaction_id,
    paidAt: new Date(payment.paid_at ?? payment.updated_at),
  }
}
