import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CRASH_POINTS, crashDrill } from '../support/crash.ts'
import { startWorld, type World } from '../support/world.ts'

describe('SIGKILL at a crash point', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world?.stop())

  for (const point of CRASH_POINTS) {
    test(`F1: at ${point}, a purchase ends paid once and fulfilled once`, async () => {
      const report = await crashDrill(world, point, `${point}-once`)
      assert.equal(report.killed, true, 'the shop never reached the point')
      assert.deepEqual(report.violations, [])
      assert.equal(report.paid, 1)
      assert.equal(report.fulfilled, 1)
    })
  }
})
