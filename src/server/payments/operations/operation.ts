import type { Money } from '../../../contract/money.ts'
import type { OperationRow } from '../../store/port.ts'

/** A payment, by what the shop knows of it. A reference names one attempt: the way to give a second payment back. */
export type Target = { readonly token: string } | { readonly purchaseId: string } | { readonly reference: string }

export type OperationKind = 'refund' | 'capture' | 'void'

/** What a write that a merchant asked for came to. */
export interface OperationResult {
  /** Our id, and the idempotency key at the gateway: the same for every repeat of the same wish. */
  readonly id: string
  /**
   * `done`: the gateway did it, now or when it was asked before. `refused`: it said no, and nothing was moved. `unknown`:
   * nobody can tell yet; the kit goes on asking under the same key, and asking again by hand is harmless.
   */
  readonly state: 'done' | 'refused' | 'unknown'
  readonly amount: Money
  /** Why, for developers; null when done. */
  readonly detail: string | null
}

/**
 * An operation that is not even sent to the gateway. `not-found`: no such payment. `wrong-state`: not paid yet, or paid
 * already. `too-much`: more than is left to give back. `invalid`: no amount of this payment's currency.
 */
export class OperationError extends Error {
  readonly code: 'not-found' | 'wrong-state' | 'too-much' | 'invalid' | 'unavailable'

  constructor(code: OperationError['code'], message: string) {
    super(message)
    this.name = 'OperationError'
    this.code = code
  }
}

/** Rows whose outcome nobody knows: `started` was written before the gateway was asked, `unresolved` was given up. */
export const isOpenOperation = ({ state }: Pick<OperationRow, 'state'>): boolean =>
  state === 'started' || state === 'unknown' || state === 'unresolved'

export function resultOf(row: OperationRow, currency: string): OperationResult {
  return {
    id: row.id,
    state: row.state === 'done' || row.state === 'refused' ? row.state : 'unknown',
    amount: { minor: row.amount ?? 0, currency },
    detail: row.detail,
  }
}
