import { type Kysely, sql } from 'kysely'
import type { DueRows } from './due-rows.ts'
import type { PaymentRows } from './payment-rows.ts'
import type { Rows } from './port.ts'
import type { Tables } from './schema.ts'
import { canBeStored } from './storable-text.ts'

/** What is asked and written about everything else. */
export type RecordRows = Omit<Rows, keyof PaymentRows | keyof DueRows>

/** The queries about what is kept beside payments: keys, the audit trail, flags, notifications, operations. */
export function recordRowsOf(db: Kysely<Tables>): RecordRows {
  return {
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
      if (!canBeStored(id)) return false
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
  }
}
