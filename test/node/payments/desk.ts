import { bdt } from '../../../src/contract/money.ts'
import type { GatewayReading } from '../../../src/server/gateways/port.ts'
import type { Deps } from '../../../src/server/payments/deps.ts'
import { systemRandom } from '../../../src/server/payments/ids.ts'
import type { AttemptRow, PaymentRow } from '../../../src/server/store/port.ts'
import { type MemoryStore, memoryStore } from '../../simulation/memory-store.ts'
import { type ManualClock, manualClock } from '../../support/clock.ts'
import { newAttemptRow, newPaymentRow } from '../../support/new-rows.ts'
import { type ScriptedGateway, scriptedGateway } from '../../support/scripted-gateway.ts'

/** Rows that stand already, one use case, and everything that it says: for rules about single columns. */
export interface Desk {
  readonly deps: Deps
  readonly clock: ManualClock
  readonly store: MemoryStore
  readonly gateway: ScriptedGateway
  /** Alarms, counts, log lines, crash points and wake-ups, in the order in which they came. */
  readonly said: readonly (readonly unknown[])[]
  /** The hour at which the rows were written. */
  readonly openedAt: number
  /** A payment of ৳1,250.00 that one attempt speaks for, written as given. */
  payment(changes?: Partial<PaymentRow>): Promise<PaymentRow>
  attempt(changes?: Partial<AttemptRow>): Promise<AttemptRow>
  /** What differs now from the row that stood before, without the version. */
  paymentSince(row: PaymentRow): Partial<PaymentRow>
  attemptSince(row: AttemptRow): Partial<AttemptRow>
  /** Audit lines without their numbers. */
  audit(): readonly unknown[]
}

export function createDesk(overrides: Partial<Deps> = {}): Desk {
  const clock = manualClock()
  const store = memoryStore()
  const gateway = scriptedGateway({ clock })
  const openedAt = clock.now()
  const said: unknown[][] = []
  const deps: Deps = {
    gateway,
    store,
    clock,
    random: systemRandom,
    telemetry: {
      log: (level, event, fields) => void said.push(['log', level, event, fields]),
      alarm: (kind, fields) => void said.push(['alarm', kind, fields]),
      count: (name, labels) => void said.push(['count', name, labels]),
      observe() {},
    },
    reached: (point) => void said.push(['reached', point]),
    price: () => ({ purchaseId: 'c1', amount: bdt('1250.00'), description: 'Two mugs' }),
    onPaid() {},
    endpoint: 'https://shop.example/ipay/orders',
    urlRules: { environment: 'sandbox', paymentHosts: [], onLoopback: false },
    becamePaid: () => void said.push(['became paid']),
    instance: 'instance-1',
    ...overrides,
  }
  return {
    deps,
    clock,
    store,
    gateway,
    said,
    openedAt,
    async payment(changes = {}) {
      const row = { ...paymentRow(openedAt), ...changes }
      await store.transaction((rows) => rows.insertPayment(row))
      return row
    },
    async attempt(changes = {}) {
      const row = { ...attemptRow(openedAt), ...changes }
      await store.transaction((rows) => rows.insertAttempt(row))
      return row
    },
    paymentSince: (row) => difference(row, { ...store.tables.payments.get(row.id), version: row.version }),
    attemptSince: (row) => difference(row, store.tables.attempts.get(row.id) ?? {}),
    audit: () => store.tables.audit.map(({ id, ...line }) => line),
  }
}

function difference<T extends object>(before: T, after: Partial<T>): Partial<T> {
  const names = Object.keys(after) as (keyof T)[]
  return Object.fromEntries(
    names.filter((name) => after[name] !== before[name]).map((name) => [name, after[name]]),
  ) as Partial<T>
}

const paymentRow = (at: number): PaymentRow => ({ ...newPaymentRow(at), state: 'created', attempt_id: 'a1' })

const attemptRow = (at: number): AttemptRow => ({
  ...newAttemptRow(at),
  order_id: 'IPAY-1',
  payment_url: 'https://demo.ipay.com.bd/pay/IPAY-1',
  expires_at: at + 15 * 60_000,
  next_check_at: at + 5_000,
})

export type PaymentReading = Extract<GatewayReading, { kind: 'payment' }>

/** The gateway's word on the attempt above. */
export const says = (state: PaymentReading['state'], more: Partial<PaymentReading> = {}): PaymentReading => ({
  kind: 'payment',
  state,
  orderId: 'IPAY-1',
  reference: 'REF1',
  amount: bdt('1250.00'),
  reason: null,
  transactionId: null,
  paidAt: null,
  raw: `"${state}"`,
  ...more,
})
export const absent: GatewayReading = { kind: 'absent', raw: 'HTTP 404' }
export const unreachable: GatewayReading = { kind: 'unreachable', detail: 'HTTP 500' }
