import type { Kysely } from 'kysely'
import type { Rows } from './port.ts'
import type { Tables } from './schema.ts'
import { canBeStored } from './storable-text.ts'

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

/** What is asked and written about payments. */
export type PaymentRows = Pick<
  Rows,
  'paymentByPurchase' | 'paymentByToken' | 'payment' | 'lockPayment' | 'insertPayment' | 'updatePayment'
>

/** The queries about payments. */
export function paymentRowsOf(db: Kysely<Tables>, { rowLocks, changed }: Differences): PaymentRows {
  return {
    paymentByPurchase: async (purchaseId) =>
      canBeStored(purchaseId)
        ? db.selectFrom('payments').selectAll().where('purchase_id', '=', purchaseId).executeTakeFirst()
        : undefined,
    paymentByToken: async (token) =>
      canBeStored(token)
        ? db.selectFrom('payments').selectAll().where('token', '=', token).executeTakeFirst()
        : undefined,
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
  }
}
