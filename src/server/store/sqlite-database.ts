import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

/** Result code of a `node:sqlite` error (5 is SQLITE_BUSY), or undefined when the error is not SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}

/** Opens a file as kysely wants it: statements are prepared once, and every transaction may write from its start. */
export function sqliteDatabase(path: string, options: { readOnly: boolean }): SqliteDatabase & { raw: DatabaseSync } {
  const raw = new DatabaseSync(path, { readOnly: options.readOnly, timeout: 0 })
  const statements = new Map<string, SqliteStatement>()
  return {
    raw,
    close: () => raw.close(),
    prepare(sql) {
      // A transaction that begins as a reader can fail half-way when it first writes; one that begins as a writer cannot.
      const begins = sql === 'begin' && !options.readOnly
      const text = begins ? 'begin immediate' : sql
      const known = statements.get(text)
      if (known) return known
      const plain = asKyselyStatement(raw.prepare(text))
      const statement = begins ? healing(plain) : sql === 'rollback' ? whereOpen(plain) : plain
      if (statements.size < 500) statements.set(text, statement)
      return statement
    },
  }

  /** A transaction whose end failed is still open, and would keep every later one from beginning: it is taken back first. */
  function healing(begin: SqliteStatement): SqliteStatement {
    return {
      ...begin,
      run(parameters) {
        if (raw.isTransaction) raw.exec('rollback')
        return begin.run(parameters)
      },
    }
  }

  /** SQLite takes a transaction back by itself when the disk fails: that it cannot be done again must not hide why. */
  function whereOpen(rollback: SqliteStatement): SqliteStatement {
    return {
      ...rollback,
      run: (parameters) => (raw.isTransaction ? rollback.run(parameters) : { changes: 0, lastInsertRowid: 0 }),
    }
  }
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  }
}
