import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openStore } from '../../../src/server/store/open-store.ts'
import { FIXTURES } from '../../simulation/fixtures.ts'
import { runHistory } from '../../simulation/history.ts'
import { pairedStore } from '../../simulation/paired-store.ts'

const run = promisify(execFile)
const RUNNER = fileURLToPath(new URL('../../simulation/run.ts', import.meta.url))
/** A long run sets other numbers: `npx node test/simulation/run.ts --histories 1000000 --seed 1`. */
const HISTORIES = 10_000
const PROCESSES = 2
/** The same seeds every day: a failure that comes and goes helps nobody. The long run tries others. */
const FIRST_SEED = 1_000_000

describe('the simulation', () => {
  test(`V1 to V9 hold in ${HISTORIES} random histories of presses, payments, faults and deaths`, async () => {
    const each = HISTORIES / PROCESSES
    const runs = Array.from({ length: PROCESSES }, async (_, i) => {
      const args = [RUNNER, '--histories', `${each}`, '--seed', `${FIRST_SEED + i * each}`]
      const { stdout } = await run(process.execPath, args).catch((error: { stdout: string }) => error)
      return stdout
    })
    for (const said of await Promise.all(runs)) {
      assert.match(said, new RegExp(`^${each} histories in .* 0 histories broke a rule$`, 'm'), said)
      // A world in which nothing happens proves nothing.
      const [, presses, kills, paid] = /: (\d+) presses, (\d+) kills, (\d+) orders paid/.exec(said) ?? []
      assert.ok(Number(presses) > each && Number(kills) > each / 20 && Number(paid) > each / 5, said)
    }
  })

  for (const { seed, taught, crowds = false } of FIXTURES) {
    test(`seed ${seed}: ${taught}`, async () => {
      const { violations } = await runHistory(seed, { crowds })
      assert.deepEqual(violations, [])
    })
  }

  test('the same seed leads to the same history, to the last line; another seed to another', async () => {
    const hashes = new Set<string>()
    for (let seed = 1; seed <= 60; seed++) {
      const [first, second] = [await runHistory(seed, { keepTrace: true }), await runHistory(seed, { keepTrace: true })]
      assert.deepEqual(second.trace, first.trace)
      assert.equal(second.hash, first.hash)
      hashes.add(first.hash)
    }
    assert.equal(hashes.size, 60)
  })

  test('SQLite and the store of the simulation answer every question of a history alike', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const sqlite = await openStore('file::memory:')
      const paired = await runHistory(seed, { beside: (memory) => pairedStore(memory, sqlite) })
      assert.deepEqual(paired.violations, [], `seed ${seed}`)
      await sqlite.close()
    }
  })
})
