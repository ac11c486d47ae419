import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chosenEngines, type Engine, startEngine } from '../support/engines/index.ts'
import { sideBySide } from '../support/side-by-side.ts'
import { startWorld, type World } from '../support/world.ts'
import { randomSession } from './pages-random-session.ts'

const SESSIONS = { chromium: 15, firefox: 5, webkit: 5 } as const

/** The long form is `npx node test/e2e/random-sessions.ts --sessions 5000 --seed 1`. */
sideBySide('random sessions', chosenEngines(), (name) => {
  let world: World
  let engine: Engine
  before(async () => {
    world = await startWorld({ proxied: true })
    engine = await startEngine(name)
  })
  after(async () => {
    await engine?.close()
    await world?.stop()
  })

  test(`V1–V10 hold after each of ${SESSIONS[name]} sessions of one to six accidents`, async () => {
    for (let seed = 1; seed <= SESSIONS[name]; seed++) {
      const { acts, problems } = await randomSession(world, engine, seed)
      const repeat = `npx node test/e2e/random-sessions.ts --sessions 1 --seed ${seed} --engine ${name}`
      assert.deepEqual(problems, [], `${acts.join(', ')}\nrepeat: ${repeat}`)
    }
  })
})
