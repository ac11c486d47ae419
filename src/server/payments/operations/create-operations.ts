import { type Money, moneyText } from '../../../contract/money.ts'
import { type HistoryEntry, REFUND_REASONS, type RefundReason } from '../../gateways/port.ts'
import type { AttemptRow, OperationRow, PaymentRow, Rows } from '../../store/port.ts'
import { withDeadline } from '../deadline.ts'
import type { Deps } from '../deps.ts'
import { locate } from './locate.ts'
import { OperationError, type OperationKind, type OperationResult, type Target } from './operation.ts'
import { findOperation } from './operation-id.ts'
import { refundAmount } from './refundable.ts'
import type { OperationRunner } from './run-operation.ts'

/** What is given back, and why. */
export interface RefundRequest {
  /** Left out: all that is left. */
  readonly amount?: Money
  readonly reason: RefundReason
  /**
   * What is given back, in the shop's own words, such as a return's id. Two refunds of one payment with the same amount
   * and the same `of` are one refund, however often they are asked for. Left out: the amount alone tells them apart.
   */
  readonly of?: string | null
}

export interface Refunding {
  /**
   * Gives money back. Safe to repeat: the same wish has the same key at the gateway.
   * @throws OperationError `not-found`, `wrong-state` (not paid), `invalid`, `too-much`
   */
  refund(target: Target, request: RefundRequest): Promise<OperationResult>
}

export interface Capturing {
  /** Takes an authorised payment in full. @throws OperationError `not-found`, `wrong-state` */
  capture(target: Target): Promise<OperationResult>
}

export interface Voiding {
  /** Calls a payment off that was not taken yet. @throws OperationError `not-found`, `wrong-state` */
  void(target: Target): Promise<OperationResult>
}

export interface Recounting {
  /** The gateway's own history of a payment, oldest first. @throws OperationError `not-found`, `unavailable` */
  events(target: Target): Promise<readonly HistoryEntry[]>
}

export type Operations = Refunding & Capturing & Voiding & Recounting

const HISTORY_DEADLINE_MS = 5_000
const MAX_OF = 200

/** The merchant's operations. Each is written before the gateway is asked, under an id that a repeat finds again. */
export function createOperations(deps: Deps, runner: OperationRunner): Operations {
  /** Finds the row of this wish, or writes it. */
  async function written(rows: Rows, wish: Wish): Promise<OperationRow> {
    const { payment, attempt, kind, what, reason } = wish
    const rowsOfAttempt = (await rows.operations(payment.id)).filter((row) => row.attempt_id === attempt.id)
    const found = findOperation(rowsOfAttempt, kind, what)
    if ('row' in found) return found.row
    // Asked only now: a repeat of what is done already gets the same answer, whatever the state has become by it.
    if (!wish.isPossible) throw new OperationError('wrong-state', wish.otherwise)
    const now = deps.clock.now()
    const row: OperationRow = {
      id: found.id,
      payment_id: payment.id,
      attempt_id: attempt.id,
      kind,
      amount: wish.amount(rowsOfAttempt),
      reason,
      state: 'started',
      gateway_id: null,
      detail: null,
      created_at: now,
      updated_at: now,
    }
    await rows.insertOperation(row)
    const amount = moneyText({ minor: row.amount ?? 0, currency: attempt.currency })
    const event = `${kind}: started`
    const detail = [amount, reason].filter(Boolean).join(' · ')
    await rows.audit({ payment_id: payment.id, attempt_id: attempt.id, at: now, cause: 'operator', event, detail })
    return row
  }

  const operate = async (target: Target, wishOf: (found: { payment: PaymentRow; attempt: AttemptRow }) => Wish) =>
    runner.run(await deps.store.transaction(async (rows) => written(rows, wishOf(await locate(rows, target)))))

  return {
    async refund(target, { amount, reason, of }) {
      if (!REFUND_REASONS.includes(reason)) throw new OperationError('invalid', `${reason} is no reason for a refund`)
      // No amount means all of it: what is none by mistake (0, an empty field) must not.
      if (amount !== undefined && (typeof amount !== 'object' || amount === null)) {
        throw new OperationError('invalid', 'amount is { minor, currency }, or left out for all that is left')
      }
      const what = of ?? ''
      // 17 and "17" would be two refunds of one return.
      if (typeof what !== 'string') throw new OperationError('invalid', '"of" is a text: write a number as one')
      if (what.length > MAX_OF) throw new OperationError('invalid', `"of" has at most ${MAX_OF} characters`)
      return operate(target, ({ payment, attempt }) => {
        return {
          payment,
          attempt,
          isPossible: attempt.state === 'paid',
          otherwise: 'Only what was paid can be given back',
          kind: 'refund',
          what: [attempt.id, amount ? amount.minor : 'all', what],
          reason,
          amount: (rows) =>
            refundAmount(
              attempt,
              rows.filter(({ kind }) => kind === 'refund'),
              amount,
            ),
        }
      })
    },
    capture: (target) =>
      operate(target, ({ payment, attempt }) => ({
        payment,
        attempt,
        isPossible: attempt.state === 'processing' || attempt.state === 'unresolved',
        otherwise: 'Only an authorised payment can be captured',
        kind: 'capture',
        what: [attempt.id],
        reason: null,
        amount: () => attempt.amount,
      })),
    void: (target) =>
      operate(target, ({ payment, attempt }) => ({
        payment,
        attempt,
        isPossible: attempt.order_id !== null && VOIDABLE.includes(attempt.state),
        otherwise: 'Only a payment that was not taken yet can be called off',
        kind: 'void',
        what: [attempt.id],
        reason: null,
        amount: () => attempt.amount,
      })),
    async events(target) {
      const { attempt } = await deps.store.transaction((rows) => locate(rows, target))
      const { reference, order_id: orderId, currency, amount: minor } = attempt
      const entries = await withDeadline(deps.clock, HISTORY_DEADLINE_MS, async (signal) =>
        deps.gateway.history?.entries({ reference, orderId, amount: { minor, currency } }, { signal }),
      )
      if (!entries) throw new OperationError('unavailable', 'The gateway did not tell its history of this payment')
      return entries
    },
  }
}

const VOIDABLE: readonly AttemptRow['state'][] = ['created', 'processing', 'unresolved']

interface Wish {
  readonly payment: PaymentRow
  /** The attempt is in a state that allows a new operation of this kind, and what to say when it is not. */
  readonly isPossible: boolean
  readonly otherwise: string
  readonly attempt: AttemptRow
  readonly kind: OperationKind
  /** What tells this wish from others of its kind. */
  readonly what: readonly (string | number)[]
  readonly reason: string | null
  /** Minor units, decided under the lock. */
  readonly amount: (rows: readonly OperationRow[]) => number
}
