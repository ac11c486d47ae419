import './node-guard.mjs'
import { createHistogram } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { bdt, createPayments, OrderRefused, openStore, silent } from '../src/server/index.ts'
import { manualClock } from '../test/support/clock.ts'
import { scriptedGateway } from '../test/support/scripted-gateway.ts'
import { seededRandom } from '../test/support/seeded-random.ts'

/**
 * Throws requests of every shape at every route: `npx node scripts/fuzz.ts --requests 1000000 [--seed 1]`. Half of them are
 * nearly right, so that they come far. Exits with 1 when one was answered with an incident or not at all.
 */
const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
})
const total = Number(values.requests)
const random = seededRandom(Number(values.seed))
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const maybe = (probability: number) => random() < probability

const ENDPOINT = 'https://shop.example/ipay/orders'
const ODD = [
  '',
  ' ',
  '\u0000',
  '%00',
  '..',
  '%2e%2e%2f',
  '__proto__',
  '💥',
  'ক্ষ',
  '\u202e',
  'null',
  '-0',
  '1e999',
  '<b>',
]
const clock = manualClock()
const gateway = scriptedGateway({ clock })
const payments = createPayments({
  gateway,
  store: await openStore('file::memory:'),
  telemetry: silent,
  endpoint: new URL(ENDPOINT),
  clock,
  opensPerMinute: 0,
  price(order) {
    const cart = order !== null && typeof order === 'object' && 'cart' in order ? order.cart : undefined
    if (typeof cart !== 'string' || !cart) throw new OrderRefused()
    return { purchaseId: cart.slice(0, 64), amount: bdt(pick(['1250.00', '1250.00', '99.50'])), description: cart }
  },
  onPaid() {},
})

const tokens: string[] = ['A'.repeat(32)]
const text = () => pick(ODD) + String.fromCodePoint(Math.floor(random() * 0xd7ff)) + pick(ODD)
function json(depth = 0): unknown {
  const kind = Math.floor(random() * (depth > 4 ? 4 : 6))
  if (kind === 0) return text()
  if (kind === 1) return pick([0, -1, 1e21, 0.1, null, true, false])
  if (kind === 2) return pick(['1250.00', '1e3', '0x10', '১২৫০', '1,250.00'])
  if (kind === 3) return {}
  if (kind === 4) return Array.from({ length: Math.floor(random() * 4) }, () => json(depth + 1))
  return Object.fromEntries(
    [pick(['order', 'shown', 'returnTo', 'lang', 'paid', text()]), 'cart'].map((name) => [name, json(depth + 1)]),
  )
}
function body(): string {
  const cart = maybe(0.8) ? `c${Math.floor(random() * 200)}` : json()
  const nearly = {
    order: { cart, ...(maybe(0.2) && { extra: json() }) },
    ...(maybe(0.3) && { shown: maybe(0.7) ? { amount: '1250.00', currency: 'BDT' } : json() }),
    ...(maybe(0.3) && { returnTo: pick(['/thanks', '//evil.example', 'https://evil.example', text()]) }),
    ...(maybe(0.2) && { lang: pick(['bn', 'en', text()]) }),
    ...(maybe(0.1) && { __proto__: { admin: true }, paid: true, amount: 1 }),
  }
  const whole = JSON.stringify(maybe(0.85) ? nearly : json())
  return maybe(0.9) ? whole : whole.slice(0, Math.floor(random() * whole.length))
}
function request(): Request {
  const isOpen = maybe(0.6)
  const tail = isOpen
    ? ''
    : `/${pick([pick(tokens), encodeURIComponent(text())])}${pick(['', '', '/return/success', '/return/cancel', '/return/x', '/events', '/notifications/ipay'])}`
  const method = isOpen
    ? pick(['POST', 'POST', 'POST', 'PUT', 'OPTIONS'])
    : pick(['GET', 'GET', 'HEAD', 'POST', 'DELETE'])
  const headers = new Headers()
  const set = (name: string, value: string) => {
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) headers.set(name, value)
  }
  if (maybe(0.9))
    set(
      'content-type',
      pick([
        'application/json',
        'application/json; charset=utf-8',
        'application/x-www-form-urlencoded',
        'text/plain',
        text(),
      ]),
    )
  if (maybe(0.95)) set('idempotency-key', maybe(0.9) ? `key-${Math.floor(random() * 400)}-abc` : text())
  if (maybe(0.1)) set('origin', pick(['https://shop.example', 'https://evil.example', 'null', text()]))
  if (maybe(0.1)) set('sec-fetch-site', pick(['same-origin', 'cross-site', 'none', text()]))
  if (maybe(0.1)) set('x-forwarded-host', 'evil.example')
  const sent = method === 'GET' || method === 'HEAD' ? {} : { body: body() }
  return new Request(`${ENDPOINT}${tail}${maybe(0.05) ? `?ipay=${encodeURIComponent(text())}` : ''}`, {
    method,
    headers,
    ...sent,
  })
}

/** Time from a request to its answer: all of it is this thread's, for nothing here waits. */
const times = createHistogram()
const counts = new Map<number, number>()
const faults: string[] = []
const rss = process.memoryUsage.rss()
for (let done = 0; done < total; done++) {
  const one = request()
  const started = process.hrtime.bigint()
  const pending = payments.fetch(one, {})
  // Waiting inside the kit is on the manual clock: it goes on when somebody waits.
  const answer = await Promise.race([pending, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))])
  if (answer) times.record(process.hrtime.bigint() - started)
  const response = answer ?? (await moved(pending))
  if (!response) faults.push(`no answer: ${one.method} ${one.url}`)
  else {
    counts.set(response.status, (counts.get(response.status) ?? 0) + 1)
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) await response.body?.cancel()
    else {
      const answered = await response.text()
      if (response.status === 500) faults.push(`${one.method} ${one.url}: ${answered.slice(0, 200)}`)
      if (response.status === 201) tokens[tokens.length % 500] = (JSON.parse(answered) as { token: string }).token
    }
  }
  if (maybe(0.001)) await clock.advance(20_000)
}
console.log(`${total} requests, seed ${values.seed}:`, Object.fromEntries([...counts].sort(([a], [b]) => a - b)))
globalThis.gc?.()
console.log(
  `answered in ${(times.percentile(99) / 1e6).toFixed(1)} ms (p99), ${(times.max / 1e6).toFixed(1)} ms (most); memory ${(rss / 1e6).toFixed(0)} -> ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB, heap ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB; ${clock.waiting} timers wait`,
)
for (const fault of faults.slice(0, 20)) console.log(fault)
console.log(`${faults.length} faults`)
process.exit(faults.length ? 1 : 0)

async function moved(pending: Promise<Response>): Promise<Response | undefined> {
  for (let steps = 0; steps < 400; steps++) {
    const response = await Promise.race([pending, clock.advance(50).then(() => undefined)])
    if (response) return response
  }
  return undefined
}
