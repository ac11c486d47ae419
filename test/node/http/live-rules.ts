import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bdt } from '../../../src/contract/money.ts'
import type { OpenReply, PaymentStatus } from '../../../src/contract/schemas.ts'
import { createPayments } from '../../../src/server/create-payments.ts'
import type { Store } from '../../../src/server/store/port.ts'
import { silent } from '../../../src/server/telemetry.ts'
import { manualClock } from '../../support/clock.ts'
import { scriptedGateway } from '../../support/scripted-gateway.ts'
import type { Database } from '../payments/rules/databases.ts'

const ENDPOINT = 'http://localhost:3000/ipay/orders'

/** The whole kit over one store; `twin` is another instance on the same rows and gateway. */
function kits(store: Store, another: Store = store) {
  const clock = manualClock()
  const gateway = scriptedGateway({ clock })
  const create = (its: Store) =>
    createPayments({
      gateway,
      store: its,
      clock,
      telemetry: silent,
      endpoint: new URL(ENDPOINT),
      price: () => ({ purchaseId: 'c_81', amount: bdt('1250.00'), description: 'Two mugs' }),
      onPaid: () => {},
      opensPerMinute: 0,
    })
  return { clock, gateway, here: create(store), there: create(another) }
}

const ask = (kit: ReturnType<typeof kits>['here'], path: string, init?: RequestInit) =>
  kit.fetch(new Request(`${ENDPOINT}${path}`, init))

async function openOne(kit: ReturnType<typeof kits>['here']): Promise<OpenReply> {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'key-0123456789' }
  const answer = await ask(kit, '', { method: 'POST', headers, body: '{"order":{"cart":"c_81"}}' })
  assert.equal(answer.status, 201)
  return (await answer.json()) as OpenReply
}

/** The states that a stream tells, one after the other. */
async function* statesOf(answer: Response): AsyncGenerator<string> {
  let text = ''
  for await (const chunk of (answer.body ?? assert.fail('no body')).pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1]
      text = text.slice(end + 2)
      if (data) yield (JSON.parse(data) as PaymentStatus).state
    }
  }
}

/** Live status over a real database: what one instance commits, the pages of every instance hear. */
export function liveRules(database: Database): void {
  describe(`live status on ${database.name}`, () => {
    test('a page hears that it is paid, from the instance that found out, before its next question', async () => {
      const store = await database.store()
      const { gateway, here, there } = kits(store, await database.another?.())
      const { token, paymentUrl } = await openOne(here)
      const states = statesOf(await ask(here, `/${token}/events`))
      assert.equal((await states.next()).value, 'created')
      gateway.move(gateway.order(paymentUrl), 'paid')
      // The clock stands still: only the word of the other instance can move the stream.
      assert.equal((await ask(there, `/${token}/return/success`)).status, 303)
      assert.equal((await states.next()).value, 'paid')
      await here.stop()
      assert.equal((await states.next()).done, true)
      await there.stop()
    })

    test('a page that comes again hears what happened in between', async () => {
      const { gateway, here } = kits(await database.store())
      const { token, paymentUrl } = await openOne(here)
      gateway.move(gateway.order(paymentUrl), 'cancelled')
      await ask(here, `/${token}/return/cancel`)
      const answer = await ask(here, `/${token}/events`, { headers: { 'Last-Event-ID': '3' } })
      assert.equal((await statesOf(answer).next()).value, 'cancelled')
      await here.stop()
    })

    test('fifty changes at once end with the newest on the page', async () => {
      const { clock, gateway, here } = kits(await database.store())
      const { token, paymentUrl } = await openOne(here)
      const states = statesOf(await ask(here, `/${token}/events`))
      assert.equal((await states.next()).value, 'created')
      gateway.move(gateway.order(paymentUrl), 'processing')
      await ask(here, `/${token}/return/success`)
      await clock.advance(1)
      gateway.move(gateway.order(paymentUrl), 'paid')
      await Promise.all(Array.from({ length: 50 }, () => ask(here, `/${token}/return/success`)))
      const heard = [(await states.next()).value]
      if (heard[0] !== 'paid') heard.push((await states.next()).value)
      assert.equal(heard.at(-1), 'paid')
      await here.stop()
    })
  })
}
