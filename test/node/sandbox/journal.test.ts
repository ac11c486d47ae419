import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { KEY, simulator, validOrder } from './simulator.ts'

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts')

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The simulator as a process of its own; resolves once it answers. */
async function simulatorProcess(t: TestContext, ...args: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MAIN, 'sandbox', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => void child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  const url = /^simulator ready at (http:\S+)\n/.exec(String(line))?.[1]
  assert.ok(url, String(line))
  return { child, url }
}

const place = (url: string, referenceId: string) =>
  fetch(`${url}/api/pg/order`, { method: 'POST', headers: KEY, body: JSON.stringify({ ...validOrder(), referenceId }) })

test('a ledger with a journal survives SIGKILL: orders, steps, calls and used references', async (t) => {
  const journal = join(temporaryFolder(t), 'deep', 'ledger.jsonl')
  const first = await simulatorProcess(t, '--journal', journal)
  await place(first.url, 'kept')
  await place(first.url, 'paid')
  await fetch(`${first.url}/_sandbox/orders/paid/pay`, { method: 'POST' })
  const before = await (await fetch(`${first.url}/_sandbox/orders`)).json()
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const second = await simulatorProcess(t, '--journal', journal)
  const after = await (await fetch(`${second.url}/_sandbox/orders`)).json()
  const withoutAddress = (orders: Record<string, unknown>[]) => orders.map((order) => ({ ...order, paymentUrl: null }))
  assert.deepEqual(withoutAddress(after), withoutAddress(before))
  assert.deepEqual(
    after.map((order: { state: string }) => order.state),
    ['created', 'paid'],
  )
  assert.equal((await place(second.url, 'kept')).status, 409)
})

test('expiry that nobody looked at is part of a replayed ledger, before what came after it', async (t) => {
  const journal = join(temporaryFolder(t), 'ledger.jsonl')
  const first = await simulator(t, { journal })
  const { orderId } = await first.placed()
  first.clock.advance(20 * 60_000)
  await first.control('POST', `/orders/${orderId}/pay`)
  const before = await first.ledger(orderId)
  await first.stop()
  const second = await simulator(t, { journal })
  assert.deepEqual((await second.ledger(orderId))['history'], before['history'])
})

test('a last line that was cut short costs only itself', async (t) => {
  const journal = join(temporaryFolder(t), 'ledger.jsonl')
  const first = await simulator(t, { journal })
  const { orderId } = await first.placed()
  await first.stop()
  appendFileSync(journal, '{"type":"moved","orderId":"')
  const second = await simulator(t, { journal })
  const later = await second.placed()
  await second.stop()
  const third = await simulator(t, { journal })
  assert.equal((await third.ledger(orderId))['state'], 'created')
  assert.equal((await third.ledger(later.orderId))['state'], 'created')
})

test('what was forgotten stays forgotten', async (t) => {
  const journal = join(temporaryFolder(t), 'ledger.jsonl')
  const first = await simulator(t, { journal })
  await first.placed({ referenceId: 'once' })
  await first.control('DELETE', '')
  await first.stop()
  const second = await simulator(t, { journal })
  assert.deepEqual(await (await second.control('GET', '/orders')).json(), [])
  await second.placed({ referenceId: 'once' })
})

test('a journal that cannot be written refuses the start and frees the port', async (t) => {
  const free = await simulator(t)
  await free.stop()
  await assert.rejects(simulator(t, { journal: '/dev/null/ledger.jsonl', port: free.port }), {
    code: 'EEXIST',
    message: /^The simulator's journal \/dev\/null\/ledger\.jsonl cannot be written: choose another file\./,
  })
  await simulator(t, { port: free.port })
})

test('a busy port is one sentence, with its code', async (t) => {
  const sim = await simulator(t)
  await assert.rejects(simulator(t, { port: sim.port }), (error: NodeJS.ErrnoException) => {
    assert.equal(error.code, 'EADDRINUSE')
    assert.match(error.message, new RegExp(`^Port ${sim.port} on 127\\.0\\.0\\.1 is in use: choose another port`))
    return true
  })
})
