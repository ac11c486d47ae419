import { moneyText } from '../../src/contract/money.ts'
import type { AttemptRow, PaymentRow } from '../../src/server/store/schema.ts'
import type { LedgerOrder } from './sandbox-control.ts'
import type { ShopRows } from './shop-database.ts'

/** Both sides' books at one moment. */
export interface Books {
  /** The simulator's ledger. */
  readonly orders: readonly LedgerOrder[]
  readonly rows: ShopRows
  /** Enough time has gone by that every paid order must be fulfilled, or flagged to a person. */
  readonly settled: boolean
}

/** Ledger states in which somebody can still pay. */
const PAYABLE = ['created', 'processing']

interface Pair {
  readonly order: LedgerOrder
  readonly attempt: AttemptRow | undefined
}

/**
 * Compares the gateway's ledger with the shop's database and returns one sentence for each broken invariant:
 * V1 one payable order per purchase and price, V2 fulfilled at most once and only when paid in full, V3 nothing paid is
 * lost, V4 paid stays paid. The others (V5–V10) show in the page and in the logs, not in the books.
 */
export function checkLedger(books: Books): string[] {
  const { orders, rows } = books
  const byReference = new Map(rows.attempts.map((attempt) => [attempt.reference, attempt]))
  const pairs = orders.map((order) => ({ order, attempt: byReference.get(order.referenceId) }))
  return [
    ...rows.payments.flatMap((payment) => {
      const own = pairs.filter(({ attempt }) => attempt?.payment_id === payment.id)
      return [...checkPayable(payment, own), ...checkPaidTwice(payment, own, rows), ...checkPaid(payment, own, rows)]
    }),
    ...checkFulfilments(rows),
    ...rows.attempts.flatMap((attempt) => checkFinal(attempt)),
    ...(books.settled ? checkNothingLost(pairs, rows) : []),
  ]
}

function checkPayable(payment: PaymentRow, pairs: readonly Pair[]): string[] {
  // Without an address in the database no browser was ever sent there.
  const open = pairs.filter(({ order, attempt }) => PAYABLE.includes(order.state) && attempt?.payment_url)
  const prices = open.map(({ attempt }) => attempt?.amount)
  return new Set(prices).size === prices.length
    ? []
    : [`V1: purchase ${payment.purchase_id} has ${open.length} payable orders: ${open.map(nameOf).join(', ')}`]
}

function checkPaidTwice(payment: PaymentRow, pairs: readonly Pair[], rows: ShopRows): string[] {
  const paid = pairs.filter(({ order, attempt }) => order.state === 'paid' && attempt?.state === 'paid')
  return paid.length > 1 && !flagged(payment, rows)
    ? [`V1: purchase ${payment.purchase_id} was paid ${paid.length} times and nobody was told`]
    : []
}

function checkPaid(payment: PaymentRow, pairs: readonly Pair[], rows: ShopRows): string[] {
  const fulfilled = rows.fulfilments.some((row) => row.purchase_id === payment.purchase_id)
  if (payment.state !== 'paid') {
    return fulfilled ? [`V4: purchase ${payment.purchase_id} is fulfilled and its payment is ${payment.state}`] : []
  }
  const proof = pairs.find(
    ({ order, attempt }) =>
      order.state === 'paid' &&
      attempt?.id === payment.attempt_id &&
      attempt.order_id === order.orderId &&
      sameAmount(order, attempt),
  )
  return proof ? [] : [`V2: purchase ${payment.purchase_id} counts as paid, and the ledger knows no such payment`]
}

function checkFulfilments(rows: ShopRows): string[] {
  const seen = new Set<string>()
  return rows.fulfilments.flatMap(({ purchase_id }) => {
    const twice = seen.has(purchase_id)
    seen.add(purchase_id)
    const payment = rows.payments.find((row) => row.purchase_id === purchase_id)
    return [
      ...(twice ? [`V2: purchase ${purchase_id} is fulfilled twice`] : []),
      ...(payment ? [] : [`V2: purchase ${purchase_id} is fulfilled without a payment`]),
    ]
  })
}

function checkFinal(attempt: AttemptRow): string[] {
  return attempt.paid_at !== null && attempt.state !== 'paid'
    ? [`V4: attempt ${attempt.reference} was paid and is ${attempt.state}`]
    : []
}

function checkNothingLost(pairs: readonly Pair[], rows: ShopRows): string[] {
  return pairs
    .filter(({ order }) => order.state === 'paid')
    .flatMap((pair) => {
      const payment = rows.payments.find((row) => row.id === pair.attempt?.payment_id)
      if (!payment) return [`V3: ${nameOf(pair)} is paid, and the shop never heard of it`]
      const fulfilled = rows.fulfilments.some((row) => row.purchase_id === payment.purchase_id)
      return fulfilled || flagged(payment, rows)
        ? []
        : [`V3: ${nameOf(pair)} is paid, and purchase ${payment.purchase_id} is neither fulfilled nor flagged`]
    })
}

function flagged(payment: PaymentRow, rows: ShopRows): boolean {
  return rows.flags.some((flag) => flag.payment_id === payment.id)
}

function sameAmount(order: LedgerOrder, attempt: AttemptRow): boolean {
  const asked = moneyText({ minor: attempt.amount, currency: attempt.currency })
  return Number(order.amount) === Number(asked)
}

function nameOf({ order }: Pair): string {
  return `${order.orderId} (${order.referenceId}, ${order.state})`
}
