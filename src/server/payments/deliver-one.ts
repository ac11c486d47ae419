import type { DeliveryRow, PaymentRow } from '../store/port.ts'
import type { Deps, PaidPayment } from './deps.ts'
import { raiseFlag } from './flags.ts'
import { deliveryPauseMs } from './schedule.ts'

/** A handler that takes longer counts as hanging and is called again; it may still finish, hence "at least once". */
export const HANDLER_DEADLINE_MS = 30_000
/** A handler whose signal was aborted because the process stops has so long to put things down. */
const PARTING_MS = 1_000
/** After this many failures the operator is called; trying goes on. */
const ALARM_AFTER_TRIES = 5

/**
 * Calls the paid handler for one delivery that was claimed, and writes down what came of it. Aborting `call` ends the wait
 * for a handler soon; the lease of one that goes on all the same runs out by itself.
 */
export async function deliver(deps: Deps, delivery: DeliveryRow, call: AbortController): Promise<void> {
  const payment = await deps.store.rows.payment(delivery.payment_id)
  if (!payment) return
  deps.reached('before-paid-handler')
  const paid = await asPaidPayment(deps, payment)
  // A process that slept since it took the lease must not repeat what another one has done meanwhile.
  const isHeld = isSame(await deps.store.rows.delivery(delivery.payment_id), delivery)
  if (!isHeld || deps.clock.now() >= delivery.lease_until) return
  const error = await callHandler(deps, paid, payment.order_json, call)
  if (error === STILL_RUNS) return
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
  if (flagged) deps.telemetry.alarm('delivery-failing', { reference: paid.reference, tries: ALARM_AFTER_TRIES })
  if (error === undefined) deps.reached('after-paid-acknowledged')
}

/** Whether the lease that `taken` was handed out with still stands. */
const isSame = (current: DeliveryRow | undefined, taken: DeliveryRow) =>
  current?.done_at === null && current.lease === taken.lease && current.lease_until === taken.lease_until

/** The process stops, and nobody knows what the handler is going to do. */
const STILL_RUNS = Symbol('still runs')

/** Undefined when the handler worked, else a short reason; what it threw goes to the log, not to the database. */
async function callHandler(
  { clock, telemetry, onPaid }: Deps,
  paid: Omit<PaidPayment, 'order'>,
  orderJson: string,
  call: AbortController,
): Promise<string | undefined | typeof STILL_RUNS> {
  if (call.signal.aborted) return STILL_RUNS
  const late = Promise.withResolvers<string | typeof STILL_RUNS>()
  call.signal.addEventListener('abort', () => clock.after(PARTING_MS, () => late.resolve(STILL_RUNS)))
  const cancel = clock.after(HANDLER_DEADLINE_MS, () => {
    late.resolve('The paid handler took longer than 30 s')
    call.abort(new DOMException('The deadline passed', 'TimeoutError'))
  })
  try {
    // A text that somebody broke is a failed try like any other: it is counted, and the operator hears of it.
    const order: unknown = JSON.parse(orderJson)
    const done = Promise.resolve(onPaid({ ...paid, order }, { signal: call.signal })).then(() => undefined)
    return await Promise.race([done, late.promise])
  } catch (error) {
    telemetry.log('error', 'paid-handler-failed', { payment: paid.id, error: String(error) })
    return 'The paid handler threw'
  } finally {
    cancel()
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
