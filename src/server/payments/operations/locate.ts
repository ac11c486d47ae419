import type { AttemptRow, PaymentRow, Rows } from '../../store/port.ts'
import { OperationError, type Target } from './operation.ts'

const NOT_FOUND = 'There is no such payment'

/**
 * The payment and the attempt that a target names, the payment under lock; without a reference, the attempt that speaks
 * for the payment.
 * @throws OperationError `not-found`
 */
export async function locate(rows: Rows, target: Target): Promise<{ payment: PaymentRow; attempt: AttemptRow }> {
  if (typeof target !== 'object' || target === null) throw new OperationError('not-found', NOT_FOUND)
  const named = 'reference' in target ? await rows.attemptByReference(target.reference) : undefined
  const found =
    'token' in target
      ? await rows.paymentByToken(target.token)
      : 'purchaseId' in target
        ? await rows.paymentByPurchase(target.purchaseId)
        : named && (await rows.payment(named.payment_id))
  const payment = found && (await rows.lockPayment(found.id))
  const attemptId = named?.id ?? payment?.attempt_id
  const attempt = attemptId ? await rows.attempt(attemptId) : undefined
  if (!payment || !attempt) throw new OperationError('not-found', NOT_FOUND)
  return { payment, attempt }
}
