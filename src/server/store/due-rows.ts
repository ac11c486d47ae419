import { type Kysely, sql } from 'kysely'
import type { Differences } from './payment-rows.ts'
import type { Lease, Rows } from './port.ts'
import type { Tables } from './schema.ts'
import { canBeStored } from './storable-text.ts'

/** What is asked and written about work that falls due. */
export type DueRows = Pick<
  Rows,
  | 'attempt'
  | 'attemptByReference'
  | 'attemptNotifiedAs'
  | 'attempts'
  | 'insertAttempt'
  | 'updateAttempt'
  | 'claimDueAttempts'
  | 'insertDelivery'
  | 'delivery'
  | 'updateDelivery'
  | 'claimDueDeliveries'
  | 'bringForward'
  | 'dueLag'
>

/** The queries about attempts and deliveries: what falls due, and who has it on lease. */
export function dueRowsOf(db: Kysely<Tables>, { rowLocks }: Pick<Differences, 'rowLocks'>): DueRows {
  const lock = sql.raw(rowLocks ? 'for update skip locked' : '')
  const dueAttempts = async ({ now, limit }: Lease) => {
    const query = sql<{ id: string }>`select id from attempts
      where next_check_at <= ${now} and lease_until <= ${now} order by next_check_at limit ${limit} ${lock}`
    return (await query.execute(db)).rows.map(({ id }) => id)
  }
  const dueDeliveries = async (what: 'tried' | 'new', now: number, limit: number) => {
    if (limit <= 0) return []
    const query = sql<{ id: string }>`select payment_id as id from deliveries
      where next_try_at <= ${now} and lease_until <= ${now} and ${sql.raw(what === 'new' ? 'tries = 0' : 'tries > 0')}
      order by next_try_at limit ${limit} ${lock}`
    return (await query.execute(db)).rows.map(({ id }) => id)
  }

  return {
    attempt: (id) => db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirst(),
    attemptByReference: async (reference) =>
      canBeStored(reference)
        ? db.selectFrom('attempts').selectAll().where('reference', '=', reference).executeTakeFirst()
        : undefined,
    attemptNotifiedAs: async (gateway, name) =>
      canBeStored(name)
        ? db
            .selectFrom('attempts')
            .selectAll()
            .where('notified_as', '=', name)
            .where('gateway', '=', gateway)
            .executeTakeFirst()
        : undefined,
    attempts: (paymentId) =>
      db.selectFrom('attempts').selectAll().where('payment_id', '=', paymentId).orderBy('number').execute(),
    async insertAttempt(row) {
      await db.insertInto('attempts').values(row).execute()
    },
    async updateAttempt(id, changes) {
      await db.updateTable('attempts').set(changes).where('id', '=', id).execute()
    },
    async claimDueAttempts(lease) {
      const ids = await dueAttempts(lease)
      if (!ids.length) return []
      const leased = await db
        .updateTable('attempts')
        .set({ lease: lease.owner, lease_until: lease.until })
        .where('id', 'in', ids)
        .returningAll()
        .execute()
      return leased.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
    },

    async insertDelivery(row) {
      await db
        .insertInto('deliveries')
        .values(row)
        .onConflict((conflict) => conflict.column('payment_id').doNothing())
        .execute()
    },
    delivery: (paymentId) =>
      db.selectFrom('deliveries').selectAll().where('payment_id', '=', paymentId).executeTakeFirst(),
    async updateDelivery(paymentId, changes) {
      await db.updateTable('deliveries').set(changes).where('payment_id', '=', paymentId).execute()
    },
    async claimDueDeliveries(lease) {
      const tried = await dueDeliveries('tried', lease.now, Math.min(lease.retries, lease.limit))
      const ids = [...tried, ...(await dueDeliveries('new', lease.now, lease.limit - tried.length))]
      if (!ids.length) return []
      const leased = await db
        .updateTable('deliveries')
        .set({ lease: lease.owner, lease_until: lease.until })
        .where('payment_id', 'in', ids)
        .returningAll()
        .execute()
      return leased.sort((a, b) => ids.indexOf(a.payment_id) - ids.indexOf(b.payment_id))
    },

    async bringForward(now) {
      const ahead = now + 60_000
      const free = { lease: null, lease_until: 0 }
      await db
        .updateTable('attempts')
        .set({ ...free, next_check_at: now, updated_at: now })
        .where('next_check_at', 'is not', null)
        .where('updated_at', '>', ahead)
        .execute()
      await db
        .updateTable('deliveries')
        .set({ ...free, next_try_at: now, created_at: now })
        .where('next_try_at', 'is not', null)
        .where('created_at', '>', ahead)
        .execute()
    },

    async dueLag(now) {
      const row = await db
        .selectFrom('attempts')
        .select((query) => [query.fn.min('next_check_at').as('oldest'), query.fn.countAll().as('due')])
        .where('next_check_at', '<=', now)
        .executeTakeFirst()
      return { lagMs: row?.oldest ? now - Number(row.oldest) : 0, due: Number(row?.due ?? 0) }
    },
  }
}
