import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { Kysely, SqliteDialect } from 'kysely'
import { type GroupCommit, groupCommit } from '../../../src/server/store/group-commit.ts'
import type { Tables } from '../../../src/server/store/schema.ts'
import { sqliteDatabase } from '../../../src/server/store/sqlite-database.ts'

describe('transactions that are asked for together', () => {
  let database: ReturnType<typeof sqliteDatabase>
  let db: Kysely<Tables>
  let group: GroupCommit
  let commits = 0
  let commitFails = false
  let savepoints: string[] = []

  beforeEach(() => {
    database = sqliteDatabase(':memory:', { readOnly: false })
    database.raw.exec(
      'create table notifications (id text primary key, gateway text, type text, reference text, received_at integer)',
    )
    commits = 0
    commitFails = false
    savepoints = []
    const prepare = (sql: string) => {
      if (/ work$/.test(sql)) savepoints.push(sql)
      const statement = database.prepare(sql)
      if (sql !== 'commit') return statement
      return {
        ...statement,
        run: (parameters: readonly unknown[]) => {
          commits += 1
          if (commitFails) throw new Error('the disk is full')
          return statement.run(parameters)
        },
      }
    }
    db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: { ...database, prepare } }) })
    group = groupCommit(db, database.raw)
  })
  afterEach(() => db.destroy())

  const ids = () =>
    database.raw
      .prepare('select id from notifications order by id')
      .all()
      .map(({ id }) => id)
  const insert = (id: string) => async (tx: Kysely<Tables>) => {
    await tx
      .insertInto('notifications')
      .values({ id, gateway: 'x', type: 'x', reference: null, received_at: 1 })
      .execute()
    return id
  }

  test('are committed once, and answered each with its own value', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((id) => group.run(insert(id))))
    assert.deepEqual(answers, ['a', 'b', 'c'])
    assert.deepEqual(ids(), ['a', 'b', 'c'])
    assert.equal(commits, 1)
  })

  test('are committed by groups, so that readers get their turn', async () => {
    const run = (name: string, count: number) =>
      Promise.all(Array.from({ length: count }, (_, index) => group.run(insert(`${name}${index}`))))
    await run('a', 32)
    assert.equal(commits, 1)
    await run('b', 33)
    assert.equal(commits, 3)
    assert.equal(ids().length, 65)
  })

  test('have a savepoint each, which one that is alone does without', async () => {
    await group.run(insert('alone'))
    assert.deepEqual(savepoints, [])
    await Promise.all([group.run(insert('a')), group.run(insert('b'))])
    assert.deepEqual(savepoints, ['savepoint work', 'release work', 'savepoint work', 'release work'])
  })

  test('of two, one that throws undoes its own changes alone', async () => {
    const wrong = group.run(async (tx) => {
      await insert('b')(tx)
      throw new Error('refused')
    })
    await Promise.allSettled([group.run(insert('a')), wrong])
    assert.deepEqual(ids(), ['a'])
  })

  test('that throws undoes its own changes and nobody else’s', async () => {
    const wrong = group.run(async (tx) => {
      await insert('b')(tx)
      throw new Error('refused')
    })
    const results = await Promise.allSettled([group.run(insert('a')), wrong, group.run(insert('c'))])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    await assert.rejects(wrong, /refused/)
    assert.deepEqual(ids(), ['a', 'c'])
  })

  test('are answered only after the commit: when it fails, nobody was told that it worked, and nothing is kept', async () => {
    commitFails = true
    const results = await Promise.allSettled([group.run(insert('a')), group.run(insert('b'))])
    for (const result of results) assert.match(String(result.status === 'rejected' && result.reason), /disk is full/)
    commitFails = false
    assert.deepEqual(ids(), [])
    assert.equal(await group.run(insert('c')), 'c')
    assert.deepEqual(ids(), ['c'])
  })

  test('F11: all fail when the database takes the whole transaction back by itself, and say why', async () => {
    const fatal = group.run(async () => {
      database.raw.exec('rollback')
      throw new Error('no room')
    })
    const results = await Promise.allSettled([group.run(insert('a')), fatal, group.run(insert('c'))])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    )
    for (const result of results) assert.match(String(result.status === 'rejected' && result.reason), /no room/)
    assert.deepEqual(ids(), [])
    assert.equal(await group.run(insert('d')), 'd')
  })

  test('can be waited for to the last one', async () => {
    const last = group.run(insert('a'))
    await group.idle()
    assert.deepEqual(ids(), ['a'])
    await last
  })
})
