import type { Kysely } from 'kysely'
import { dueRowsOf } from './due-rows.ts'
import { type Differences, paymentRowsOf } from './payment-rows.ts'
import type { Rows } from './port.ts'
import { recordRowsOf } from './record-rows.ts'
import type { Tables } from './schema.ts'

/** The queries, over a transaction or the plain database. */
export const rowsOf = (db: Kysely<Tables>, differences: Differences): Rows => ({
  ...paymentRowsOf(db, differences),
  ...dueRowsOf(db, differences),
  ...recordRowsOf(db),
})
