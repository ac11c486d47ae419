import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseTransactionTime } from '../../../../src/server/gateways/ipay/transaction-time.ts'

const MODULE = fileURLToPath(new URL('../../../../src/server/gateways/ipay/transaction-time.ts', import.meta.url))

describe('the time of a transaction', () => {
  test('G17: is Bangladesh time, six hours ahead of UTC', () => {
    assert.equal(parseTransactionTime('18 Sep 2017 12:33:39.749 BDT'), Date.UTC(2017, 8, 18, 6, 33, 39, 749))
    assert.equal(parseTransactionTime('1 Jan 2026 00:00:00 BDT'), Date.UTC(2025, 11, 31, 18))
    assert.equal(parseTransactionTime('29 Feb 2024 23:59:59.9 BDT'), Date.UTC(2024, 1, 29, 17, 59, 59, 900))
    assert.equal(parseTransactionTime(' 05 Dec 2026 09:05:07.01 BDT '), Date.UTC(2026, 11, 5, 3, 5, 7, 10))
  })

  for (const zone of ['UTC', 'Asia/Dhaka', 'America/New_York']) {
    test(`G17: is the same instant on a machine in ${zone}`, () => {
      const script = `import { parseTransactionTime } from ${JSON.stringify(MODULE)}
        const texts = ['18 Sep 2017 12:33:39.749 BDT', '8 Mar 2026 02:30:00 BDT', '1 Nov 2026 01:30:00 BDT']
        console.log(JSON.stringify([new Date(2026, 0, 1).getTimezoneOffset(), ...texts.map(parseTransactionTime)]))`
      const said = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      })
      const [offset, ...instants] = JSON.parse(said)
      assert.equal(offset, { UTC: 0, 'Asia/Dhaka': -360, 'America/New_York': 300 }[zone])
      assert.deepEqual(instants, [
        Date.UTC(2017, 8, 18, 6, 33, 39, 749),
        Date.UTC(2026, 2, 7, 20, 30),
        Date.UTC(2026, 9, 31, 19, 30),
      ])
    })
  }

  const garbage: readonly unknown[] = [
    null, undefined, '', 'yesterday', 0, Number.NaN, {}, [], true,
    '18 Sep 2017 12:33:39.749', '18 Sep 2017 12:33:39.749 UTC', '18 Sep 2017 12:33:39.749 bdt', '2017-09-18T12:33:39Z',
    '31 Feb 2026 00:00:00 BDT', '30 Feb 2026 00:00:00 BDT', '29 Feb 2026 00:00:00 BDT', '0 Jan 2026 00:00:00 BDT',
    '32 Jan 2026 00:00:00 BDT', '18 sep 2017 12:33:39 BDT', '18 Foo 2017 12:33:39 BDT', '18 Sep 2017 24:00:00 BDT',
    '18 Sep 2017 12:60:00 BDT', '18 Sep 2017 12:00:60 BDT', '18 Sep 17 12:00:00 BDT', '18  Sep 2017 12:00:00 BDT',
    '১৮ Sep 2017 12:33:39 BDT', '18 Sep 2017 12:33:39.7491 BDT', '18 Sep 2017 12:33 BDT',
  ] // biome-ignore format: a table
  for (const value of garbage) {
    test(`G17: ${JSON.stringify(value) ?? 'undefined'} is no time, and never NaN`, () => {
      assert.equal(parseTransactionTime(value), null)
    })
  }
})
