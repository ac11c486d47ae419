import { type Kysely, sql } from 'kysely'
import type { Tables } from './schema.ts'

/** What a migration may ask about its database. */
export interface MigrationContext {
  /** An integer key that the database counts up. */
  readonly counter: 'integer' | 'bigserial'
}

type Migration = (db: Kysely<Tables>, context: MigrationContext) => Promise<void>

/**
 * Forward only, in order, never edited once released: the number of the last one is the schema's version. Each runs in
 * one transaction with the row that records it.
 */
export const MIGRATIONS: readonly Migration[] = [
  async function createTables(db, { counter }) {
    await db.schema
      .createTable('payments')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('token', 'text', (column) => column.notNull().unique())
      .addColumn('purchase_id', 'text', (column) => column.notNull().unique())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('amount', 'bigint', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('order_json', 'text', (column) => column.notNull())
      .addColumn('return_to', 'text', (column) => column.notNull())
      .addColumn('lang', 'text')
      .addColumn('attempt_id', 'text')
      .addColumn('reason', 'text')
      .addColumn('transaction_id', 'text')
      .addColumn('paid_at', 'bigint')
      .addColumn('refunded', 'bigint', (column) => column.notNull())
      .addColumn('hold', 'text')
      .addColumn('claim', 'text')
      .addColumn('claim_until', 'bigint', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('attempts')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('payment_id', 'text', (column) => column.notNull().references('payments.id'))
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('gateway', 'text', (column) => column.notNull())
      .addColumn('reference', 'text', (column) => column.notNull().unique())
      .addColumn('amount', 'bigint', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('order_id', 'text')
      .addColumn('payment_url', 'text')
      .addColumn('expires_at', 'bigint')
      .addColumn('reason', 'text')
      .addColumn('transaction_id', 'text')
      .addColumn('paid_at', 'bigint')
      .addColumn('refunded', 'bigint', (column) => column.notNull())
      .addColumn('captured', 'bigint')
      .addColumn('read_at', 'bigint', (column) => column.notNull())
      .addColumn('next_check_at', 'bigint')
      .addColumn('checks', 'bigint', (column) => column.notNull())
      .addColumn('lease', 'text')
      .addColumn('lease_until', 'bigint', (column) => column.notNull())
      .addColumn('last_answer', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('attempts_in_order', ['payment_id', 'number'])
      .execute()
    // Only attempts that are still asked about are in the index: it stays small however many payments there are.
    await sql`create index attempts_due on attempts (next_check_at) where next_check_at is not null`.execute(db)

    await db.schema
      .createTable('idempotency_keys')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('payment_id', 'text', (column) => column.notNull().references('payments.id'))
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await sql`create index keys_by_age on idempotency_keys (created_at)`.execute(db)

    await db.schema
      .createTable('deliveries')
      .addColumn('payment_id', 'text', (column) => column.primaryKey().references('payments.id'))
      .addColumn('next_try_at', 'bigint')
      .addColumn('tries', 'bigint', (column) => column.notNull())
      .addColumn('lease', 'text')
      .addColumn('lease_until', 'bigint', (column) => column.notNull())
      .addColumn('last_error', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('done_at', 'bigint')
      .execute()
    await sql`create index deliveries_due on deliveries (next_try_at) where next_try_at is not null`.execute(db)

    await db.schema
      .createTable('audit')
      .addColumn('id', counter, (column) => column.primaryKey())
      .addColumn('payment_id', 'text', (column) => column.notNull())
      .addColumn('attempt_id', 'text')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('cause', 'text', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .execute()
    await sql`create index audit_by_payment on audit (payment_id)`.execute(db)

    await db.schema
      .createTable('flags')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('payment_id', 'text', (column) => column.notNull())
      .addColumn('attempt_id', 'text')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('cleared_at', 'bigint')
      .execute()
    await sql`create index flags_open on flags (created_at) where cleared_at is null`.execute(db)

    await db.schema
      .createTable('notifications')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('gateway', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('reference', 'text')
      .addColumn('received_at', 'bigint', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('operations')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('payment_id', 'text', (column) => column.notNull().references('payments.id'))
      .addColumn('attempt_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('amount', 'bigint')
      .addColumn('reason', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('gateway_id', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
    await sql`create index operations_by_payment on operations (payment_id)`.execute(db)
  },

  async function addRepeatsReleasesAndUnfinishedOperations(db) {
    await db.schema.alterTable('attempts').addColumn('asked', 'text').execute()
    await db.schema.alterTable('attempts').addColumn('release', 'text').execute()
    await db.schema.alterTable('operations').addColumn('detail', 'text').execute()
    await sql`create index operations_unfinished on operations (updated_at) where state in ('started', 'unknown')`.execute(
      db,
    )
  },

  async function addNamesInNotifications(db) {
    await db.schema.alterTable('attempts').addColumn('notified_as', 'text').execute()
    // Not unique: two gateways may have the same name for different orders.
    await sql`create index attempts_notified on attempts (notified_as) where notified_as is not null`.execute(db)
  },

  async function addNewsThatIsNotToldYet(db) {
    await db.schema.alterTable('attempts').addColumn('news_at', 'bigint').execute()
  },
]

/** Brings the tables up to date inside one transaction that the caller holds under a lock. */
export async function migrate(db: Kysely<Tables>, context: MigrationContext, now: number): Promise<void> {
  await sql`create table if not exists schema_version (version bigint primary key, applied_at bigint not null)`.execute(
    db,
  )
  const row = await db
    .selectFrom('schema_version')
    .select((query) => query.fn.max('version').as('version'))
    .executeTakeFirst()
  const version = Number(row?.version ?? 0)
  if (version > MIGRATIONS.length) {
    throw new Error(
      `The database was written by a newer version of pay-with-ipay (schema ${version}, this one knows ${MIGRATIONS.length}). Upgrade the package or restore the older database.`,
    )
  }
  for (let next = version; next < MIGRATIONS.length; next++) {
    await MIGRATIONS[next]?.(db, context)
    await db
      .insertInto('schema_version')
      .values({ version: next + 1, applied_at: now })
      .execute()
  }
}
