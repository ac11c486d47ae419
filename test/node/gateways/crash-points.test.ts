import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CRASH_POINTS, crashDrill } from '../../support/crash.ts'
import { startWorld, type World } from '../../support/world.ts'

for (const gateway of ['ipay-payments', 'ipay-sessions'] as const) {
  describe(`SIGKILL at a crash point, ${gateway}`, () => {
    let world: World
    before(async () => {
      world = await startWorld({ gateway })
    })
    after(() => world?.stop())

    for (const point of CRASH_POINTS) {
      test(`F1: at ${point}, a purchase ends paid once and fulfilled once, with one order`, async () => {
        const report = await crashDrill(world, point, `${point}-${gateway}`)
        assert.equal(report.killed, true, 'the shop never reached the point')
        assert.deepEqual(report.violations, [])
        assert.deepEqual([report.orders, report.paid, report.fulfilled], [1, 1, 1])
      })
    }
  })
}
