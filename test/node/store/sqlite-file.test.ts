import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ProblemError } from '../../../src/server/problem-error.ts'
import { MIGRATIONS } from '../../../src/server/store/migrations.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/port.ts'
import { createKit } from '../payments/kit.ts'
import { paymentRow, stored } from './rows.ts'
import { storeSuite } from './suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipay-store-'))
const opened: Store[] = []
let made = 0
const path = () => {
  made += 1
  return join(folder, `shop-${made}.db`)
}
async function open(file: string): Promise<Store> {
  const store = await openStore(`file:${file}`)
  opened.push(store)
  return store
}
after(async () => {
  await Promise.all(opened.map((store) => store.close()))
  rmSync(folder, { recursive: true, force: true })
})

storeSuite('SQLite in a file', () => open(path()))

const MODULE = fileURLToPath(new URL('../../../src/server/store/open-store.ts', import.meta.url))

/** Another process that opens the store and says how that went. */
function openElsewhere(file: string): string {
  const script = `import { openStore } from ${JSON.stringify(MODULE)}
    try { await (await openStore(${JSON.stringify(`file:${file}`)})).close(); console.log('opened') }
    catch (error) { console.log(error.message) }`
  return execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], { encoding: 'utf8' }).trim()
}

describe('a SQLite file', () => {
  test('a second process on the same file is refused with a sentence, and let in once the first has gone', async () => {
    const file = path()
    const store = await openStore(`file:${file}`)
    assert.match(openElsewhere(file), /^Another process is using the database .*shop-\d+\.db\. Stop it/)
    await store.close()
    assert.equal(openElsewhere(file), 'opened')
  })

  test('a second store of the same process is refused by its own name, by whichever link it comes', async () => {
    const file = path()
    const link = `${path()}-link`
    const store = await openStore(`file:${file}`)
    symlinkSync(file, link)
    for (const way of [file, link, join(dirname(file), '.', basename(file))]) {
      await assert.rejects(
        openStore(`file:${way}`),
        /^Error: The database .* is open already in this process\. Open it once/,
      )
    }
    // Another process is still told that it is another.
    assert.match(openElsewhere(file), /^Another process/)
    await store.close()
    await (await openStore(`file:${link}`)).close()
  })

  test('closing again is harmless', async () => {
    for (const address of [`file:${path()}`, 'file::memory:']) {
      const store = await openStore(address)
      await Promise.all([store.close(), store.close()])
      await store.close()
    }
  })

  test('a second process that comes by a link to the file, or to its folder, is refused as well', async () => {
    const file = path()
    const [linkedFile, linkedFolder] = [`${path()}-link`, `${path()}-folder`]
    await open(file)
    symlinkSync(file, linkedFile)
    symlinkSync(dirname(file), linkedFolder)
    assert.match(openElsewhere(linkedFile), /^Another process/)
    assert.match(openElsewhere(join(linkedFolder, basename(file))), /^Another process/)
  })

  test('a process that was killed leaves no lock behind', async () => {
    const file = path()
    const script = `import { openStore } from ${JSON.stringify(MODULE)}
      await openStore(${JSON.stringify(`file:${file}`)}); console.log('opened'); setInterval(() => {}, 1000)`
    const holder = spawn(process.execPath, ['--input-type=module-typescript', '-e', script])
    await once(holder.stdout, 'data')
    assert.match(openElsewhere(file), /Another process/)
    holder.kill('SIGKILL')
    await once(holder, 'close')
    assert.equal(openElsewhere(file), 'opened')
  })

  test('other programs may read the file while it is in use', async () => {
    const file = path()
    const store = await open(file)
    const { payment } = await stored(store)
    const reader = new DatabaseSync(file, { readOnly: true })
    assert.equal(reader.prepare('select count(*) as n from payments where id = ?').get(payment.id)?.['n'], 1)
    reader.close()
  })

  test('what was acknowledged is on the disk: write-ahead log, synced at every commit, foreign keys kept', async () => {
    const file = path()
    await open(file)
    const reader = new DatabaseSync(file, { readOnly: true })
    assert.equal(reader.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal')
    reader.close()
  })

  test('a schema that is newer than this code is refused, and left as it is', async () => {
    const file = path()
    await (await openStore(`file:${file}`)).close()
    const database = new DatabaseSync(file)
    database.exec(`insert into schema_version (version, applied_at) values (${MIGRATIONS.length + 1}, 0)`)
    database.close()
    await assert.rejects(openStore(`file:${file}`), /written by a newer version of pay-with-ipay/)
    // The refusal lets go of the file.
    assert.match(openElsewhere(file), /written by a newer version/)
  })

  test('opening a file twice migrates it once, and rows survive', async () => {
    const file = path()
    const first = await openStore(`file:${file}`)
    const { payment } = await stored(first, {})
    await first.close()
    const second = await open(file)
    assert.equal((await second.rows.payment(payment.id))?.purchase_id, payment.purchase_id)
    assert.equal((await second.rows.attempts(payment.id)).length, 1)
  })

  test('claims of a dead predecessor are gone when the file is opened', async () => {
    const file = path()
    const first = await openStore(`file:${file}`)
    const row = paymentRow({ claim: 'dead', claim_until: Number.MAX_SAFE_INTEGER })
    await first.transaction((tx) => tx.insertPayment(row))
    await first.close()
    const second = await open(file)
    assert.equal((await second.rows.payment(row.id))?.claim, null)
  })

  test('H18: an address that is no database is refused with what is expected', async () => {
    for (const address of ['', 'shop.db', 'mysql://localhost/shop', 'file:', 'sqlite:shop.db']) {
      await assert.rejects(openStore(address), /DATABASE_URL must begin with "file:" or "postgres:\/\/"/)
    }
  })

  test('H18: a path that cannot be written, or a file that is no database, is refused with its name', async () => {
    const file = path()
    writeFileSync(file, 'this is not a database, it only looks like a file of at least a hundred bytes '.repeat(4))
    await assert.rejects(openStore(`file:${file}`), (error: Error) => !/undefined/.test(error.message))
    await assert.rejects(openStore(`file:${folder}`), /cannot be opened|Another process/)
    await assert.rejects(openStore(`file:${file}/below/shop.db`), /cannot be opened for writing/)
  })

  test('F11: a database that another program locks answers `unavailable`, and nothing is lost', async () => {
    const file = path()
    const store = await open(file)
    const kit = createKit(store)
    const { reply } = await kit.press('c1')
    const holder = new DatabaseSync(file)
    holder.exec('begin immediate')
    const startedAt = performance.now()
    await assert.rejects(
      kit.press('c2'),
      (error) => error instanceof ProblemError && error.code === 'unavailable' && error.extras.retryAfter === 2,
    )
    const waitedMs = performance.now() - startedAt
    assert.ok(waitedMs >= 2_500, `${waitedMs} ms`)
    assert.equal(kit.gateway.orders.length, 1, 'nothing was asked of the gateway without a row')
    // Readers are not kept waiting.
    assert.equal((await kit.status(reply.token)).state, 'created')
    holder.exec('rollback')
    holder.close()
    assert.equal((await kit.press('c2')).created, true)
    assert.equal((await kit.press('c1')).reply.paymentUrl, reply.paymentUrl)
  })

  test('F11: a lock that is short is waited out', async () => {
    const file = path()
    const store = await open(file)
    const holder = new DatabaseSync(file)
    holder.exec('begin immediate')
    const pressed = createKit(store).press('c1')
    setTimeout(() => holder.exec('rollback'), 200)
    assert.equal((await pressed).created, true)
    holder.close()
  })

  test('F11: a gateway that has accepted while the database is locked loses nothing: the order is found by its reference', async () => {
    const file = path()
    const store = await open(file)
    const holder = new DatabaseSync(file)
    const kit = createKit(store)
    kit.gateway.behave.open = () => {
      holder.exec('begin immediate')
      return {}
    }
    await assert.rejects(kit.press('c1'), (error) => error instanceof ProblemError && error.code === 'unavailable')
    holder.exec('rollback')
    kit.gateway.behave.open = () => ({})
    await kit.clock.advance(60_000)
    await kit.reconcile()
    const attempt = await store.rows.attemptByReference(kit.gateway.orders[0]?.reference ?? '')
    assert.equal(attempt?.order_id, kit.gateway.orders[0]?.orderId)
    const { reply } = await kit.press('c1')
    assert.equal(reply.reference, kit.gateway.orders[1]?.reference)
    holder.close()
  })

  test('the file and its companions can be made anew with the rights of the process alone', async () => {
    const file = path()
    await open(file)
    assert.ok(statSync(file).isFile())
    chmodSync(file, 0o600)
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })
})
