import type { AttemptRow, PaymentRow, Rows } from '../store/port.ts'
import type { FlagKind } from './transition.ts'

/**
 * Writes that a person has to look at this, once per attempt and kind, with its audit row. Returns false when the same
 * flag stands already, so that the operator is called once.
 */
export async function raiseFlag(
  rows: Rows,
  flag: {
    readonly payment: Pick<PaymentRow, 'id'>
    readonly attempt: Pick<AttemptRow, 'id'>
    readonly kind: FlagKind
    readonly now: number
    readonly detail: string | null
  },
): Promise<boolean> {
  const { payment, attempt, kind, now, detail } = flag
  const isNew = await rows.insertFlag({
    id: `${attempt.id}:${kind}`,
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
