import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { test } from 'node:test'
import { startSandbox } from '../../../src/sandbox/index.ts'
import { simulator } from './simulator.ts'

test('an idle connection is held as long as behind a proxy, so that no buyer on the way to the page meets a closing one', async (t) => {
  const sim = await simulator(t)
  const { headers } = await fetch(sim.url)
  const kept = Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])
  assert.ok(kept > 60, `kept for ${kept} s`)
})

test('stop waits for no idle connection', async (t) => {
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const { url, stop } = await startSandbox({ port: 0 })
  await new Promise((resolve) => get(url, { agent }, (answer) => answer.resume().once('end', resolve)))
  const startedAt = performance.now()
  await stop()
  assert.ok(performance.now() - startedAt < 5_000)
})
