import { type Kysely, sql } from 'kysely'
import type { Lease, Rows } from './port.ts'
import type { Tables } from './schema.ts'

/** What differs between the databases. */
export interface Differences {
  /** Rows can be locked one by one (PostgreSQL); SQLite's transactions are alone anyway. */
  readonly rowLocks: boolean
  /** Told of every payment that a transaction changed. */
  readonly changed: (db: Kysely<Tables>, paymentId: string) => Promise<void>
}

/** Columns that say who is opening something, and nothing that a buyer could be shown. */
const UNSEEN: ReadonlySet<string> = new Set(['claim', 'claim_until', 'updated_at'])

/** Whether listeners are to be told: every NOTIFY makes PostgreSQL's commits wait for each other. */
export const isSeen = (changes: object): boolean => Object.keys(changes).some((name) => !UNSEEN.has(name))

/** The queries, over a transaction or the plain database. */
export function rowsOf(db: Kysely<Tables>, { rowLocks, changed }: Differences): Rows {
  const due = (table: 'attempts' | 'deliveries', column: 'next_check_at' | 'next_try_at', { now, limit }: Lease) => {
    const key = table === 'attempts' ? 'id' : 'payment_id'
    const query = sql<{ id: string }>`select ${sql.ref(key)} as id from ${sql.table(table)}
      where ${sql.ref(column)} <= ${now} and lease_until <= ${now}
      order by ${sql.ref(column)} limit ${limit} ${sql.raw(rowLocks ? 'for update skip locked' : '')}`
    return query.execute(db).then((result) => result.rows.map((row) => row.id))
  }

  return {
    paymentByPurchase: (purchaseId) =>
      db.selectFrom('payments').selectAll().where('purchase_id', '=', purchaseId).executeTakeFirst(),
    paymentByToken: (token) => db.selectFrom('payments').selectAll().where('token', '=', token).executeTakeFirst(),
    payment: (id) => db.selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirst(),
    lockPayment: (id) =>
      db
        .selectFrom('payments')
        .selectAll()
        .where('id', '=', id)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst(),
    async insertPayment(row) {
      const inserted = await db
        .insertInto('payments')
        .values(row)
        .onConflict((conflict) => conflict.column('purchase_id').doNothing())
        .returning('id')
        .executeTakeFirst()
      return inserted !== undefined
    },
    async updatePayment(id, changes) {
      await db
        .updateTable('payments')
        .set(changes)
        .set((row) => ({ version: row('version', '+', 1) }))
        .where('id', '=', id)
        .execute()
      if (isSeen(changes)) await changed(db, id)
    },

    attempt: (id) => db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirst(),
    attemptByReference: (reference) =>
      db.selectFrom('attempts').selectAll().where('reference', '=', reference).executeTakeFirst(),
    attempts: (paymentId) =>
      db.selectFrom('attempts').selectAll().where('payment_id', '=', paymentId).orderBy('number').execute(),
    async insertAttempt(row) {
      await db.insertInto('attempts').values(row).execute()
    },
    async updateAttempt(id, changes) {
      await db.updateTable('attempts').set(changes).where('id', '=', id).execute()
    },
    async claimDueAttempts(lease) {
      const ids = await due('attempts', 'next_check_at', lease)
      if (!ids.length) return []
      const leased = await db
        .updateTable('attempts')
        .set({ lease: lease.owner, lease_until: lease.until })
        .where('id', 'in', ids)
        .returningAll()
        .execute()
      return leased.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
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

    key: (key) => db.selectFrom('idempotency_keys').selectAll().where('key', '=', key).executeTakeFirst(),
    async insertKey(row) {
      const inserted = await db
        .insertInto('idempotency_keys')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .executeTakeFirst()
      return inserted !== undefined
    },
    async deleteKeysBefore(instant) {
      await db
        .deleteFrom('idempotency_keys')
        .where('created_at', '<', instant)
        .where('payment_id', 'in', (query) =>
          query.selectFrom('payments').select('id').where('updated_at', '<', instant),
        )
        .execute()
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
      const ids = await due('deliveries', 'next_try_at', lease)
      if (!ids.length) return []
      const leased = await db
        .updateTable('deliveries')
        .set({ lease: lease.owner, lease_until: lease.until })
        .where('payment_id', 'in', ids)
        .returningAll()
        .execute()
      return leased.sort((a, b) => ids.indexOf(a.payment_id) - ids.indexOf(b.payment_id))
    },

    async audit(row) {
      await db.insertInto('audit').values(row).execute()
    },
    auditTrail: (paymentId) =>
      db.selectFrom('audit').selectAll().where('payment_id', '=', paymentId).orderBy('id').execute(),
    async insertFlag(row) {
      const inserted = await db
        .insertInto('flags')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst()
      return inserted !== undefined
    },
    openFlags: (limit) =>
      db.selectFrom('flags').selectAll().where('cleared_at', 'is', null).orderBy('created_at').limit(limit).execute(),
    async clearFlag(id, now) {
      const result = await db
        .updateTable('flags')
        .set({ cleared_at: now })
        .where('id', '=', id)
        .where('cleared_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },

    async insertNotification(row) {
      const inserted = await db
        .insertInto('notifications')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst()
      return inserted !== undefined
    },
    operation: (id) => db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst(),
    operations: (paymentId) =>
      db.selectFrom('operations').selectAll().where('payment_id', '=', paymentId).orderBy('created_at').execute(),
    async insertOperation(row) {
      const inserted = await db
        .insertInto('operations')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst()
      return inserted !== undefined
    },
    unfinishedOperations: (before, limit) =>
      db
        .selectFrom('operations')
        .selectAll()
        // Spelled as the partial index is, so that it is used.
        .where(sql<boolean>`state in ('started', 'unknown')`)
        .where('updated_at', '<=', before)
        .orderBy('updated_at')
        .limit(limit)
        .execute(),
    async updateOperation(id, changes) {
      await db.updateTable('operations').set(changes).where('id', '=', id).execute()
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
