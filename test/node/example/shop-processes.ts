import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach } from 'node:test'
import { freePort } from '../../support/free-port.ts'
import { type ShopProcess, type ShopSettings, spawnShop, startShop } from '../../support/shop.ts'

/** For files of this test file; gone with it. */
export const folder = mkdtempSync(join(tmpdir(), 'shop-process-'))
after(() => rmSync(folder, { recursive: true }))

let count = 0
export const freshDatabase = () => `file:${join(folder, `${++count}`, 'shop.db')}`

const shops: ShopProcess[] = []
afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.kill()
})

/** The shop with its simulator on free ports and an empty database; it ends with its test. */
export async function start(settings: ShopSettings = {}): Promise<ShopProcess> {
  const shop = await startShop({ DATABASE_URL: freshDatabase(), SIMULATOR_PORT: String(await freePort()), ...settings })
  shops.push(shop)
  return shop
}

/** What a start that has to fail printed; it must be one of our sentences, not a stack. */
export async function refusal(settings: ShopSettings): Promise<string> {
  const { output, ended } = spawnShop({ PORT: '0', SIMULATOR_PORT: '0', DATABASE_URL: freshDatabase(), ...settings })
  assert.deepEqual(await ended, { code: 1, signal: null }, output())
  assert.doesNotMatch(output(), /\n {4}at |node:internal/)
  return output()
}
