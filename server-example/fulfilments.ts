import type { SchemaModule } from 'kysely'
import { type KyselyStore, type Money, moneyText } from '../src/server/index.ts'

/** One purchase that the shop has to ship. Lives in the payments' database, so that both are backed up together. */
export interface FulfilmentRow {
  /** The cart's id, exactly. Unique: that is what makes a repeated call of the paid handler harmless. */
  purchase_id: string
  payment_id: string
  amount: string
  currency: string
  transaction_id: string | null
  /** The order as JSON text: what to put into the parcel. */
  items: string
  /** Milliseconds since 1970. */
  fulfilled_at: number
}

/** What the paid handler is told, as far as this table keeps it. */
export interface PaidPurchase {
  readonly id: string
  readonly purchaseId: string
  readonly amount: Money
  readonly transactionId: string | null
  readonly order: unknown
}

/** The shop's own book of what was paid and goes out. */
export interface Fulfilments {
  /** Writes the purchase down. Calling it again for the same purchase changes nothing. */
  fulfil(payment: PaidPurchase): Promise<void>
  isFulfilled(purchaseId: string): Promise<boolean>
}

/** Creates the table when it is missing. Runs the same on SQLite and PostgreSQL. */
export async function openFulfilments({ db }: Pick<KyselyStore, 'db'>, now: () => number): Promise<Fulfilments> {
  const database = db.withTables<{ fulfilments: FulfilmentRow }>()
  await createTable(database.schema).catch(async (error: unknown) => {
    // Two instances that start together may both find it missing; then the other one has just made it.
    const exists = database.selectFrom('fulfilments').select('purchase_id').limit(1).execute()
    await exists.catch(() => Promise.reject(error))
  })
  return {
    async fulfil({ id, purchaseId, amount, transactionId, order }) {
      const row: FulfilmentRow = {
        purchase_id: purchaseId,
        payment_id: id,
        amount: moneyText(amount),
        currency: amount.currency,
        transaction_id: transactionId,
        items: JSON.stringify(order),
        fulfilled_at: now(),
      }
      await database
        .insertInto('fulfilments')
        .values(row)
        .onConflict((conflict) => conflict.column('purchase_id').doNothing())
        .execute()
    },
    async isFulfilled(purchaseId) {
      const row = await database
        .selectFrom('fulfilments')
        .select('purchase_id')
        .where('purchase_id', '=', purchaseId)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

const createTable = (schema: SchemaModule): Promise<void> =>
  schema
    .createTable('fulfilments')
    .ifNotExists()
    .addColumn('purchase_id', 'text', (column) => column.primaryKey())
    .addColumn('payment_id', 'text', (column) => column.notNull())
    .addColumn('amount', 'text', (column) => column.notNull())
    .addColumn('currency', 'text', (column) => column.notNull())
    .addColumn('transaction_id', 'text')
    .addColumn('items', 'text', (column) => column.notNull())
    .addColumn('fulfilled_at', 'bigint', (column) => column.notNull())
    .execute()
