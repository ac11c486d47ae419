import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { startSandbox } from '../../../src/sandbox/index.ts'
import { polluted } from '../../support/polluted.ts'
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

test('H10: a polluted Object.prototype gives the simulator no option', async (t) => {
  const journal = join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'ledger')
  t.after(() => rmSync(dirname(journal), { recursive: true }))
  const sim = await polluted({ host: '::1', publicUrl: 'https://evil.example', journal }, () => simulator(t))
  const { paymentUrl } = await sim.placed()
  assert.match(sim.url, /^http:\/\/127\.0\.0\.1:/)
  assert.equal(new URL(paymentUrl).origin, sim.url)
  assert.equal(existsSync(journal), false)
})
