import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { killStorm } from '../../support/kill-storm.ts'
import { startPostgres } from '../../support/postgres.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { startWorld, type World } from '../../support/world.ts'

/** The short form of `scripts/kill-storm.ts`. */
async function storm(world: World): Promise<void> {
  const report = await killStorm(world, { kills: 4, buyers: 3, random: seededRandom(7) })
  assert.deepEqual(report.violations, [])
  assert.ok(report.purchases > 0, 'nobody bought anything')
  assert.equal(report.paid, report.purchases)
  assert.equal(report.fulfilled, report.purchases)
}

// Both mostly wait for leases of the dead to end.
describe('a storm of kills', { concurrency: true }, () => {
  test('F1: a shop that is killed at random moments loses no purchase and doubles none, on SQLite', async () => {
    const world = await startWorld()
    try {
      await storm(world)
    } finally {
      await world.stop()
    }
  })

  test('F1: a shop that is killed at random moments loses no purchase and doubles none, on PostgreSQL', async () => {
    const postgres = await startPostgres()
    const world = await startWorld({ databaseUrl: await postgres.createDatabase() })
    try {
      await storm(world)
    } finally {
      await world.stop()
      await postgres.stop()
    }
  })
})
