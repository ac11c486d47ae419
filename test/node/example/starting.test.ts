import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { folder, freshDatabase, refusal, start } from './shop-processes.ts'

/** What an operator is told when the shop starts, or cannot. */
describe('the example shop as it starts', () => {
  test('H18: wrong settings are all named before anything starts', async () => {
    const said = await refusal({ IPAY_ENVIRONMENT: 'production', IPAY_API_KEY: 'changeme', LOG_LEVEL: 'loud' })
    assert.deepEqual(
      said
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0])
        .sort(),
      ['IPAY_API_KEY', 'LOG_LEVEL', 'PUBLIC_URL'],
    )
  })

  test('a rotated secret that cannot be used is one line of the log, without the secret', async () => {
    const path = join(folder, 'webhook-secret')
    writeFileSync(path, 'whsec-first-1')
    const shop = await start({ IPAY_GATEWAY: 'ipay-payments', IPAY_WEBHOOK_SECRET_FILE: path })
    writeFileSync(path, 'whsec-first-1, whsec second')
    for (const _time of [1, 2]) {
      const headers = { 'ipay-signature': '0'.repeat(64) }
      const notified = `${shop.url}/ipay/orders/notifications/ipay-payments`
      assert.equal((await fetch(notified, { method: 'POST', headers, body: '{}' })).status, 401)
    }
    await shop.stop()
    const lines = shop.output().match(/.*"event":"secret-rejected".*/g) ?? []
    assert.equal(lines.length, 1, shop.output())
    assert.match(
      lines[0] ?? '',
      /"level":"warn".*IPAY_WEBHOOK_SECRET_FILE names changed and holds spaces.*stays in force/,
    )
    assert.doesNotMatch(shop.output(), /whsec/)
  })

  test('a table of status codes that knows no open order is warned of, for every payment would be unresolved', async () => {
    for (const [table, warnings] of [
      ['{"200":"paid","300":"cancelled"}', 1],
      ['{"100":"created","200":"paid","300":"cancelled"}', 0],
    ] as const) {
      const shop = await start({ IPAY_STATUS_CODES: table })
      await shop.stop()
      const lines = shop.output().match(/"level":"warn".*"event":"no-code-for-created".*IPAY_STATUS_CODES/g) ?? []
      assert.equal(lines.length, warnings, shop.output())
    }
  })

  test('a busy port is said in a sentence that names it', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const address = blocker.address()
    const port = typeof address === 'object' && address ? String(address.port) : assert.fail()
    assert.equal(
      await refusal({ PORT: port }),
      `Port ${port} on 127.0.0.1 is in use: set PORT to another one, or end the program that uses it.\n`,
    )
    assert.equal(
      await refusal({ SIMULATOR_PORT: port }),
      `Port ${port} is in use: set SIMULATOR_PORT to another one, or end the program that uses it.\n`,
    )
    blocker.close()
  })

  test('a database that cannot be written is said in a sentence', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    // Below /proc nothing can be made, and Node's recursive mkdir would try for ever.
    for (const path of [`${file}/shop.db`, folder, '/proc/nowhere/shop.db']) {
      assert.match(
        await refusal({ DATABASE_URL: `file:${path}` }),
        /^The database .* cannot be opened for writing .*DATABASE_URL.*\n$/,
      )
    }
  })

  test('a file that is no database is said in a sentence', async () => {
    const file = join(folder, 'letter.txt')
    writeFileSync(file, 'Dear shop, '.repeat(500))
    assert.match(await refusal({ DATABASE_URL: `file:${file}` }), /^[^\n]*database[^\n]*\n$/i)
  })

  test('a second process on the same file ends and says so; the first goes on', async () => {
    const DATABASE_URL = freshDatabase()
    const shop = await start({ DATABASE_URL })
    assert.match(await refusal({ DATABASE_URL }), /^Another process is using the database .*\n$/)
    assert.equal((await fetch(`${shop.url}/readyz`)).status, 200)
    await shop.stop()
  })
})
