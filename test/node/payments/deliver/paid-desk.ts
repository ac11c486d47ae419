import { setImmediate as turn } from 'node:timers/promises'
import { createDeliverer } from '../../../../src/server/payments/deliver.ts'
import type { Deps, OnPaid } from '../../../../src/server/payments/deps.ts'
import type { DeliveryRow } from '../../../../src/server/store/port.ts'
import { createDesk, type Desk } from '../desk.ts'

/** Writes the delivery of the payment `p1`, due at once unless told otherwise. */
export const written = async (desk: Desk, changes: Partial<DeliveryRow> = {}) => {
  const row: DeliveryRow = {
    payment_id: 'p1',
    next_try_at: desk.openedAt,
    tries: 0,
    lease: null,
    lease_until: 0,
    last_error: null,
    created_at: desk.openedAt,
    done_at: null,
    ...changes,
  }
  await desk.store.transaction((rows) => rows.insertDelivery(row))
}
export const rowOf = (desk: Desk) => desk.store.tables.deliveries.get('p1')
export const change = (desk: Desk, changes: Partial<DeliveryRow>) =>
  desk.store.transaction((rows) => rows.updateDelivery('p1', changes))

/** A paid payment whose delivery is due. */
export async function paidDesk(onPaid: OnPaid = () => {}, changes: Partial<DeliveryRow> = {}) {
  const desk = createDesk({ onPaid })
  await desk.payment({ state: 'paid', transaction_id: 'T-1', paid_at: 1_234 })
  await desk.attempt({ state: 'paid' })
  await written(desk, changes)
  return desk
}

/** Resolves when everything that a manual clock does not hold up has happened. */
export const settled = async () => {
  for (let i = 0; i < 200; i++) await turn()
}

/** One round of a worker that is stopped at once. */
export async function round(desk: Desk, deps: Partial<Deps> = {}): Promise<void> {
  const worker = createDeliverer({ ...desk.deps, ...deps })
  worker.start()
  await worker.stop()
}
