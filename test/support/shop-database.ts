import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { AttemptRow, AuditRow, DeliveryRow, FlagRow, PaymentRow } from '../../src/server/store/schema.ts'

/** One row of the example shop's own table. */
export interface FulfilmentRow {
  readonly purchase_id: string
}

/** Everything that a check of the shop's books needs, as it stood at one moment. */
export interface ShopRows {
  readonly payments: readonly PaymentRow[]
  readonly attempts: readonly AttemptRow[]
  readonly deliveries: readonly DeliveryRow[]
  readonly flags: readonly FlagRow[]
  readonly audit: readonly AuditRow[]
  readonly fulfilments: readonly FulfilmentRow[]
}

/** A look into the shop's database from outside, past all of its code. */
export interface ShopDatabase {
  /** All tables; those that do not exist yet are empty. */
  read(): Promise<ShopRows>
  /** The cart's rows in `fulfilments`. */
  fulfilmentsOf(purchaseId: string): Promise<number>
  close(): Promise<void>
}

const TABLES = ['payments', 'attempts', 'deliveries', 'flags', 'audit', 'fulfilments'] as const
type Query = (table: (typeof TABLES)[number]) => Promise<unknown[]>

async function readAll(query: Query): Promise<ShopRows> {
  const tables = await Promise.all(TABLES.map(async (table) => [table, await query(table)] as const))
  // The shapes are the migrations' own; a column that is not there shows in the first test that uses it.
  return Object.fromEntries(tables) as unknown as ShopRows
}

function withCounts(read: () => Promise<ShopRows>, close: () => Promise<void>): ShopDatabase {
  return {
    read,
    close,
    fulfilmentsOf: async (purchaseId) =>
      (await read()).fulfilments.filter((row) => row.purchase_id === purchaseId).length,
  }
}

/** Opens the file anew for each look, read-only: it never holds a lock that the shop under test would notice. */
function sqliteDatabase(path: string): ShopDatabase {
  async function read(): Promise<ShopRows> {
    if (!existsSync(path)) return readAll(async () => [])
    const database = new DatabaseSync(path, { readOnly: true, timeout: 2000 })
    try {
      // One transaction, so that all tables show the same moment.
      database.exec('begin')
      const exists = database.prepare("select 1 from sqlite_master where type = 'table' and name = ?")
      return await readAll(async (table) =>
        exists.get(table)
          ? database
              .prepare(`select * from ${table}`)
              .all()
              .map((row) => ({ ...row }))
          : [],
      )
    } finally {
      database.close()
    }
  }
  return withCounts(read, async () => undefined)
}

function postgresDatabase(url: string): ShopDatabase {
  // int8 comes as text otherwise; amounts and instants fit a double.
  const types = { getTypeParser: (oid: number) => (oid === 20 ? Number : pg.types.getTypeParser(oid)) }
  const pool = new pg.Pool({ connectionString: url, max: 1, types })
  // One that the database ends while it is in use tells the question that waits for it, and is fatal without a listener.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  async function read(): Promise<ShopRows> {
    const client = await pool.connect()
    try {
      await client.query('begin isolation level repeatable read read only')
      const found = await client.query<{ name: string }>(
        "select table_name as name from information_schema.tables where table_schema = 'public'",
      )
      const names = found.rows.map(({ name }) => name)
      const rows = new Map<string, unknown[]>()
      for (const table of TABLES) {
        rows.set(table, names.includes(table) ? (await client.query(`select * from ${table}`)).rows : [])
      }
      await client.query('commit')
      return await readAll(async (table) => rows.get(table) ?? [])
    } finally {
      client.release()
    }
  }
  return withCounts(read, () => pool.end())
}

/** @param databaseUrl as in `DATABASE_URL`: `file:…` or `postgres://…` */
export function openShopDatabase(databaseUrl: string): ShopDatabase {
  return databaseUrl.startsWith('file:')
    ? sqliteDatabase(databaseUrl.slice('file:'.length))
    : postgresDatabase(databaseUrl)
}
