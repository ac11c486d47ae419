import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { Registry } from 'prom-client'
import { ROOT } from '../../../scripts/run.mjs'
import { createTelemetry } from '../../../src/server/create-telemetry.ts'
import { METRICS } from '../../../src/server/metrics.ts'

const CANARY = 'sk_canary_4f1c'

/** Telemetry that writes into a list. */
function listening(level = 'debug', secrets: () => readonly string[] = () => [CANARY]) {
  const lines: string[] = []
  const telemetry = createTelemetry({ level, secrets, stream: { write: (line: string) => void lines.push(line) } })
  return { ...telemetry, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> }
}

describe('log lines', () => {
  test('are JSON with level, time and event, and whole lines', () => {
    const { log, lines, last } = listening()
    log('warn', 'gateway-slow', { reference: 'ref-1', seconds: 3.5 })
    const { time, ...rest } = last()
    assert.deepEqual(rest, { level: 'warn', event: 'gateway-slow', reference: 'ref-1', seconds: 3.5 })
    assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 5_000)
    assert.ok(lines[0]?.endsWith('}\n'))
  })

  test('below the level are not written', () => {
    const { log, lines } = listening('warn')
    log('info', 'quiet')
    assert.deepEqual(lines, [])
  })

  test('G20: the key is hidden by name and by its own text, wherever it stands (OWASP ASVS 5.0, 16.2.5)', () => {
    const { log, lines } = listening()
    const cause = new Error(`GET /?key=${CANARY} failed`, { cause: { headers: [`Authorization: Bearer ${CANARY}`] } })
    log('error', 'x', {
      apiKey: 'a-key',
      IPAY_API_KEY: 'a-key',
      webhookSecret: 'a-key',
      password: 'a-key',
      headers: { Authorization: 'a-key', cookie: 'a-key', 'ipay-signature': 'a-key' },
      text: `Bearer a-key, and Basic a-key`,
      address: `https://u:${CANARY}@x/`,
      [CANARY]: 1,
      cause,
    })
    assert.doesNotMatch(lines.join(''), /a-key|canary/)
    assert.match(lines.join(''), /GET \/\?key=\[hidden\] failed/)
  })

  test('G20: tokens and phone numbers are masked', () => {
    const { log, lines, last } = listening()
    log('info', 'x', {
      token: 'tok_0123456789abcdef',
      at: '/thanks?a=1&ipay=tok_0123456789abcdef&b=2',
      who: ['01712345678', '+8801712345678', '8801712-345678', 'call 017 1234 5678!'],
      reference: 'R-01712345678x',
      instant: 1_763_728_000_000,
    })
    assert.doesNotMatch(lines.join(''), /0123456789abcdef|1712-?345678(?!x)|017 1234/)
    assert.equal(last()['token'], 'tok_01…')
    assert.equal(last()['at'], '/thanks?a=1&ipay=tok_01…&b=2')
    assert.equal(last()['reference'], 'R-01712345678x')
    assert.equal(last()['instant'], 1_763_728_000_000)
  })

  test('G20: no value can end its line, forge another, or turn the text around', () => {
    const { log, lines } = listening()
    const evil = 'a\r\n{"level":"error","event":"forged"}\u2028b\u202ec\u001b[31m\u0000'
    log('info', 'x', { evil, [evil]: evil, nested: [new Error(evil)] })
    assert.equal(lines.length, 1)
    assert.equal(lines[0]?.trimEnd().split(/[\r\n\u2028]/).length, 1)
    assert.doesNotMatch(lines[0] ?? '', /\\r|\\n|\\u001b|\\u0000|\u202e|\\u202e/)
  })

  test('a field cannot overwrite level, time or event', () => {
    const { log, last } = listening()
    log('info', 'real', { event: 'forged', level: 'error', time: 0 })
    assert.deepEqual([last()['event'], last()['level']], ['real', 'info'])
  })

  test('what cannot be written down is no reason to fail', () => {
    const { log, lines, last } = listening()
    const loop: Record<string, unknown> = { bytes: new Uint8Array(9), big: 10n, date: new Date(0), call: () => 1 }
    loop['self'] = loop
    log('info', 'x', loop)
    assert.equal(last()['bytes'], '9 bytes')
    assert.equal(last()['big'], '10')
    log('info', 'x', {
      get broken() {
        throw new Error('no')
      },
    })
    assert.equal(last()['unreadable'], true)
    log('info', 'x', { text: 'x'.repeat(1_000_000), list: Array(10_000).fill('y') })
    assert.ok((lines.at(-1)?.length ?? 0) < 5_000)
  })

  test('a secrets file that cannot be read hides everything', () => {
    const { log, last } = listening('info', () => {
      throw new Error('EACCES')
    })
    log('info', 'x', { text: CANARY })
    assert.equal(last()['text'], undefined)
  })
})

describe('metrics', () => {
  test('every name of the table is counted under its labels', async () => {
    const { count, observe, text } = listening()
    for (const [name, { kind, labels }] of Object.entries(METRICS)) {
      const values = Object.fromEntries(labels.map((label) => [label, 'x']))
      if (kind === 'counter') count(name, values)
      else observe(name, 0.2, values)
    }
    const written = await text()
    for (const [name, { kind, labels }] of Object.entries(METRICS)) {
      const inside = labels.map((label) => `${label}="x"`).join(',')
      const line = `${name}${kind === 'histogram' ? '_count' : ''}${inside && `{${inside}}`} 1`
      assert.ok(written.split('\n').includes(line), line)
    }
  })

  test('an alarm is an error line with its code and reference, and is counted', async () => {
    const { alarm, text, last } = listening()
    alarm('amount-mismatch', { reference: 'ref-1', expected: '10.00' })
    const { event, level, reference } = last()
    assert.deepEqual({ event, level, reference }, { event: 'amount-mismatch', level: 'error', reference: 'ref-1' })
    assert.match(await text(), /ipay_alarms_total\{kind="amount-mismatch"\} 1/)
  })

  test('unknown names and labels, and times that are none, are left out without harm', async () => {
    const { count, observe, text } = listening()
    count('nobody_knows_this')
    count('constructor', { kind: 'x' })
    observe('nobody_knows_this', 1)
    observe('ipay_due_lag_seconds', Number.NaN)
    count('ipay_payments_total', { outcome: 'paid', stranger: 'x' })
    const written = await text()
    assert.match(written, /ipay_payments_total\{outcome="paid"\} 1/)
    assert.doesNotMatch(written, /nobody|stranger|NaN/)
  })

  test('two kits of one process may share a registry', async () => {
    const registry = new Registry()
    const write = () => {}
    for (const kit of [1, 2]) createTelemetry({ registry, stream: { write } }).alarm('x', { reference: `${kit}` })
    assert.match(await registry.metrics(), /ipay_alarms_total\{kind="x"\} 2/)
  })
})

test('a kit that was given no telemetry writes its lines to stdout', () => {
  const program = `
    import { createPayments, ipayGateway, openStore } from './src/server/index.ts'
    const payments = createPayments({
      gateway: ipayGateway({ environment: 'sandbox', apiKey: 'key', baseUrl: 'http://127.0.0.1:9' }),
      store: await openStore('file::memory:'),
      endpoint: new URL('http://localhost/orders'),
      price() { throw new Error('no catalogue') },
      onPaid() {},
    })
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'key-0123456789' }
    const body = JSON.stringify({ order: { cart: 'c_1' } })
    await payments.fetch(new Request('http://localhost/orders', { method: 'POST', headers, body }))
  `
  const args = ['--input-type=module-typescript', '-e', program]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  const lines = stdout.split('\n').filter(Boolean)
  assert.ok(
    lines.some((line) => (JSON.parse(line) as { level: string }).level === 'error'),
    stdout + stderr,
  )
})
