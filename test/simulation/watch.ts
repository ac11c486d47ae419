import { sameMoney } from '../../src/contract/money.ts'
import type { OpenReply, PaymentStatus } from '../../src/contract/schemas.ts'
import type { PaidPayment } from '../../src/server/payments/deps.ts'
import type { ScriptedGateway, ScriptedOrder } from '../support/scripted-gateway.ts'
import type { MemoryStore } from './memory-store.ts'

/** Looks at a world from outside, and writes down every rule that it breaks. */
export interface Watch {
  readonly violations: string[]
  /** An address left the shop's server; it counts as out even if the answer is lost on its way to the page. */
  handedOut(purchase: string, reply: OpenReply): void
  /** Whether somebody, or a buyer of this purchase, may have this order's address. */
  isOut(order: ScriptedOrder, purchase?: string): boolean
  saw(purchase: string, status: PaymentStatus, wasPaidBefore: boolean): void
  /** The paid handler had its effect. */
  handled(payment: PaidPayment): void
  /** The paid handler is called. */
  handling(payment: PaidPayment): void
  /** The gateway is being asked to open an order; returns the end of it. */
  opening(reference: string, isAway: () => boolean): () => void
  /** The gateway says that money is on its way for this order, whatever becomes of it later. */
  onItsWay(order: ScriptedOrder): void
  /** An order of this purchase is paid at the gateway, or is on its way, or nobody knows. */
  mayBePaid(purchase: string): boolean
  /** Everything was given the time it needs: nothing paid may be lost now. */
  settled(): void
  complain(sentence: string): void
}

export function createWatch(gateway: ScriptedGateway, store: MemoryStore): Watch {
  const violations: string[] = []
  const out = new Map<string, string>()
  const effects = new Map<string, { purchase: string; calls: number }>()
  const paidPayments = new Set<string>()
  const paidAttempts = new Set<string>()
  const asking = new Set<{ readonly payment: string | undefined; readonly isAway: () => boolean }>()
  const ended = new Map<string, string>()
  const moving = new Set<ScriptedOrder>()
  const complain = (sentence: string) => void violations.push(sentence)
  const { payments, attempts, flags, deliveries } = store.tables

  const ordersOf = (purchase: string) => gateway.orders.filter((order) => purchaseOf(order) === purchase)
  function purchaseOf(order: ScriptedOrder): string | undefined {
    for (const attempt of attempts.values()) {
      if (attempt.reference === order.reference) return payments.get(attempt.payment_id)?.purchase_id
    }
    return undefined
  }
  const flagsOf = (paymentId: string) =>
    [...flags.values()].filter((flag) => flag.payment_id === paymentId).map((flag) => flag.kind)

  // V4, at every commit: what was paid is paid.
  store.onChange((id) => {
    const payment = payments.get(id)
    if (!payment) return
    if (payment.state === 'paid') paidPayments.add(id)
    else if (paidPayments.has(id)) complain(`V4: payment of ${payment.purchase_id} went from paid to ${payment.state}`)
    for (const attempt of attempts.values()) {
      if (attempt.payment_id !== id) continue
      if (attempt.state === 'paid') paidAttempts.add(attempt.id)
      else if (paidAttempts.has(attempt.id)) complain(`V4: attempt ${attempt.reference} left paid for ${attempt.state}`)
      const end = ended.get(attempt.id)
      if (end && attempt.state !== end && attempt.state !== 'paid') complain(`V4: ${attempt.reference} left ${end}`)
      if (ENDED.includes(attempt.state)) ended.set(attempt.id, attempt.state)
      if (attempt.paid_at !== null && attempt.state !== 'paid') complain(`V4: ${attempt.reference} has a paid_at`)
    }
  })

  return {
    violations,
    complain,
    handedOut(purchase, reply) {
      out.set(reply.paymentUrl, purchase)
      const order = gateway.order(reply.paymentUrl)
      if (order.reference !== reply.reference) complain(`the reply for ${purchase} mixes two orders`)
      // V1: of one purchase and price, one order at most can be paid by somebody who has its address.
      const payable = ordersOf(purchase).filter(
        (other) => out.has(other.paymentUrl) && sameMoney(other.amount, order.amount) && gateway.isPayable(other),
      )
      if (payable.length > 1) {
        complain(`V1: ${purchase} has ${payable.map(({ orderId }) => orderId).join(' and ')} payable at one price`)
      }
    },
    isOut: (order, purchase) =>
      purchase === undefined ? out.has(order.paymentUrl) : out.get(order.paymentUrl) === purchase,
    saw(purchase, status, wasPaidBefore) {
      if (wasPaidBefore && status.state !== 'paid')
        complain(`V4: a buyer of ${purchase} saw paid, then ${status.state}`)
      const order = gateway.orders.find(({ reference }) => reference === status.reference)
      if (status.state === 'paid') {
        if (!order?.paidAt || purchaseOf(order) !== purchase) complain(`V8: ${purchase} is shown as paid and is not`)
      } else if (['cancelled', 'failed', 'expired'].includes(status.state) && status.reason !== 'technical') {
        if (!order || gateway.isPayable(order)) complain(`V8: ${purchase} is shown as ${status.state} and can be paid`)
      }
      if (status.paymentUrl !== null && !out.has(status.paymentUrl)) out.set(status.paymentUrl, purchase)
    },
    onItsWay: (order) => void moving.add(order),
    mayBePaid(purchase) {
      const isUnknown = [...payments.values()].some((row) => row.purchase_id === purchase && row.state === 'unresolved')
      return isUnknown || ordersOf(purchase).some((order) => order.paidAt !== null || moving.has(order))
    },
    handling(payment) {
      if (deliveries.get(payment.id)?.done_at) complain(`V2: ${payment.purchaseId} is fulfilled again after it worked`)
    },
    opening(reference, isAway) {
      const attempt = [...attempts.values()].find((row) => row.reference === reference)
      const one = { payment: attempt?.payment_id, isAway }
      // F8: of a purchase, one living process asks the gateway at a time.
      const other = [...asking].find(({ payment, isAway: away }) => payment === one.payment && !away())
      if (other) complain(`F8: two orders of one purchase are being opened at the same time: ${reference}`)
      if (!attempt) complain(`V3: the gateway is asked for ${reference}, and no row says so`)
      asking.add(one)
      return () => asking.delete(one)
    },
    handled(payment) {
      const order = gateway.orders.find(({ reference }) => reference === payment.reference)
      if (!order || order.paidAt === null) complain(`V2: ${payment.purchaseId} is fulfilled and was not paid`)
      else if (!sameMoney(order.amount, payment.amount)) complain(`V2: ${payment.purchaseId} was paid at another price`)
      else if (purchaseOf(order) !== payment.purchaseId) complain(`V2: ${payment.purchaseId} is fulfilled for another`)
      const known = effects.get(payment.id) ?? { purchase: payment.purchaseId, calls: 0 }
      effects.set(payment.id, { ...known, calls: known.calls + 1 })
      if ([...effects].some(([id, { purchase }]) => purchase === payment.purchaseId && id !== payment.id)) {
        complain(`V2: ${payment.purchaseId} is fulfilled under two ids`)
      }
    },
    settled() {
      for (const order of gateway.orders) {
        if (order.paidAt === null) continue
        const purchase = purchaseOf(order)
        const payment = [...payments.values()].find((row) => row.purchase_id === purchase)
        if (!payment) {
          complain(`V3: ${order.orderId} is paid and the shop never heard of it`)
          continue
        }
        const kinds = flagsOf(payment.id)
        if (!effects.has(payment.id) && kinds.length === 0) {
          complain(`V3: ${order.orderId} of ${purchase} is paid, and neither fulfilled nor flagged`)
        }
        const speaks = attempts.get(payment.attempt_id ?? '')?.reference === order.reference
        if (!speaks && effects.has(payment.id) && !kinds.includes('paid-twice') && !kinds.some(isAboutMoney)) {
          complain(`V1: ${purchase} was paid twice and nobody was told`)
        }
        if (payment.state === 'paid' && !effects.has(payment.id)) complain(`V3: ${purchase} is paid and not delivered`)
      }
      for (const payment of payments.values()) {
        const owed = payment.state === 'paid' && deliveries.get(payment.id)?.done_at == null
        if (owed) complain(`V3: the delivery of ${payment.purchase_id} is not done`)
      }
    },
  }
}

const ENDED: readonly string[] = ['cancelled', 'failed', 'expired', 'refused', 'void']

/** Flags that already say that money came in which does not fit. */
const isAboutMoney = (kind: string) =>
  ['amount-mismatch', 'order-mismatch', 'unknown-status', 'gateway-error', 'unresolved-after-24h'].includes(kind)
