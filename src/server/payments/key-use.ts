import { ProblemError } from '../problem-error.ts'
import type { Deps } from './deps.ts'
import { fingerprintOf } from './ids.ts'
import type { OpenInput } from './service.ts'

/** The problem of a key that already stands for something else. */
export const keyReused = (): ProblemError =>
  new ProblemError('key-reused', 'This Idempotency-Key was sent with another order; make a new one')

/**
 * Whether an order that the shop does not sell, and whose purchase is therefore not known, came under a key that was used
 * for another one. The same order under its own key may have been sold out since: that is the shop's to say.
 */
export async function isForAnotherOrder({ store }: Deps, { key, order }: OpenInput): Promise<boolean> {
  const used = key === null ? undefined : await store.rows.key(key)
  const payment = used && (await store.rows.payment(used.payment_id))
  return payment !== undefined && fingerprintOf(payment.purchase_id, order) !== used?.fingerprint
}
