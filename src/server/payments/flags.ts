import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import type { FlagKind } from './transition.ts'

/**
 * Writes that a person has to look at this, once per kind and what it is about, with its audit row. Returns false when the
 * same flag was raised already, so that the operator is called once.
 */
export async function raiseFlag(
  rows: Rows,
  flag: {
    readonly payment: Pick<PaymentRow, 'id'>
    readonly attempt: Pick<AttemptRow, 'id'>
    readonly kind: FlagKind
    /** The id of what is odd, where that is not the attempt: each operation of an attempt can be. */
    readonly about?: string
    readonly now: number
    readonly detail: string | null
  },
): Promise<boolean> {
  const { payment, attempt, kind, about = attempt.id, now, detail } = flag
  const isNew = await rows.insertFlag({
    id: `${about}:${kind}`,
    payment_id: payment.id,
    attempt_id: attempt.id,
    kind,
    detail,
    created_at: now,
    cleared_at: null,
  })
  if (isNew) {
    const event = `flag: ${kind}`
    await rows.audit({ payment_id: payment.id, attempt_id: attempt.id, at: now, cause: 'operator', event, detail })
  }
  return isNew
}
