import type { PaymentStatus } from '../../contract/schemas.ts'
import type { AttemptRow, FlagRow, StoredAuditRow } from '../store/port.ts'
import type { Deps } from './deps.ts'
import type { AttemptReader } from './read-attempt.ts'
import type { PaymentsService } from './service.ts'

/** Everything that is known about one payment. */
export interface PaymentRecord {
  readonly id: string
  readonly purchaseId: string
  readonly status: PaymentStatus
  /** Why it is held for a person, or null. */
  readonly hold: string | null
  readonly attempts: readonly AttemptRow[]
  readonly audit: readonly StoredAuditRow[]
  /** When the paid handler worked, or null. */
  readonly deliveredAt: Date | null
}

/** A flag with the reference that the buyer and the gateway know. */
export type Flagged = FlagRow & { readonly reference: string | null }

/** What a person at the shop can ask and do. */
export interface Operator {
  /** By token, purchase id or an attempt's reference. Undefined when there is none. */
  find(by: { token: string } | { purchaseId: string } | { reference: string }): Promise<PaymentRecord | undefined>
  /** What a person has to look at, oldest first; 100 unless told. @throws TypeError for a limit that is no whole number */
  flagged(limit?: number): Promise<readonly Flagged[]>
  /** Takes a flag off the list. False when it was not on it. */
  clearFlag(id: string): Promise<boolean>
  /** Asks the gateway now about every attempt of a payment, whatever its schedule, and returns what is known then. */
  check(token: string): Promise<PaymentStatus | undefined>
  /** The status reply for a server-rendered page, asking the gateway where that is due. */
  status(token: string): Promise<PaymentStatus | undefined>
}

export function createOperator(deps: Deps, reader: AttemptReader, service: PaymentsService): Operator {
  const { rows } = deps.store
  async function locate(by: { token: string } | { purchaseId: string } | { reference: string }) {
    // Callers without types can hand over anything; what names nothing finds nothing.
    if (typeof by !== 'object' || by === null) return undefined
    if ('token' in by) return rows.paymentByToken(by.token)
    if ('purchaseId' in by) return rows.paymentByPurchase(by.purchaseId)
    const attempt = 'reference' in by ? await rows.attemptByReference(by.reference) : undefined
    return attempt && rows.payment(attempt.payment_id)
  }

  return {
    status: (token) => service.status(token),
    async find(by) {
      const payment = await locate(by)
      const status = payment && (await service.status(payment.token))
      if (!payment || !status) return undefined
      const [attempts, audit, delivery] = await Promise.all([
        rows.attempts(payment.id),
        rows.auditTrail(payment.id),
        rows.delivery(payment.id),
      ])
      return {
        id: payment.id,
        purchaseId: payment.purchase_id,
        status,
        hold: (await rows.payment(payment.id))?.hold ?? null,
        attempts,
        audit,
        deliveredAt: delivery?.done_at ? new Date(delivery.done_at) : null,
      }
    },
    async flagged(limit = 100) {
      if (!Number.isSafeInteger(limit) || limit < 0) throw new TypeError('limit must be a whole number, 0 or more')
      const flags = await rows.openFlags(limit)
      return Promise.all(
        flags.map(async (flag) => {
          const attempt = flag.attempt_id === null ? undefined : await rows.attempt(flag.attempt_id)
          return { ...flag, reference: attempt?.reference ?? null }
        }),
      )
    },
    clearFlag: (id) => deps.store.transaction((tx) => tx.clearFlag(id, deps.clock.now())),
    async check(token) {
      const payment = await rows.paymentByToken(token)
      if (!payment) return undefined
      const attempts = await rows.attempts(payment.id)
      const asked = attempts.filter((attempt) => attempt.state !== 'refused' && attempt.state !== 'void')
      await Promise.all(asked.map((attempt) => reader.read(attempt, 'operator', 0)))
      return service.status(token)
    },
  }
}
