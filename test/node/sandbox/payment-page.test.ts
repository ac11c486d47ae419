import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MEMBERS, PIN } from '../../../src/sandbox/index.ts'
import { memberOf, plainDigits } from '../../../src/sandbox/payment-page/members.ts'
import { simulator } from './simulator.ts'
import { codeOn, press, toConfirmation, visit } from './wallet-browser.ts'

const ENDS: Record<string, [hint: string, state: string, reason: string | null]> = {
  pays: ['success', 'paid', null],
  'pays-late': ['success', 'created', null],
  'insufficient-balance': ['failure', 'failed', 'insufficient-balance'],
  'account-blocked': ['failure', 'failed', 'account-blocked'],
  'limit-exceeded': ['failure', 'failed', 'limit-exceeded'],
  error: ['failure', 'error', null],
}

for (const { number, outcome } of MEMBERS) {
  for (const lang of ['en', 'bn']) {
    test(`member ${number} (${outcome}) goes through every page and back to the shop, in ${lang}`, async (t) => {
      const sim = await simulator(t)
      const { orderId, paymentUrl } = await sim.placed()
      const confirmation = await toConfirmation(paymentUrl, number, lang)
      assert.match(confirmation.text, new RegExp(`<html lang="${lang}">`))
      const { url } = await press(confirmation, 'pay')
      const [hint, state, reason] = ENDS[outcome] ?? []
      assert.equal(url, `https://shop.example/return/${hint}`)
      const ledger = await sim.ledger(orderId)
      assert.deepEqual([ledger['state'], ledger['reason']], [state, reason])
    })
  }
}

test('the slow member has paid eight seconds after coming back', async (t) => {
  const sim = await simulator(t)
  const { orderId, paymentUrl } = await sim.placed()
  await press(await toConfirmation(paymentUrl, '01700000006'), 'pay')
  sim.clock.advance(7999)
  assert.equal((await sim.status(orderId))['statusCode'], 100)
  assert.match((await visit(paymentUrl)).text, /on its way/)
  sim.clock.advance(1)
  assert.equal((await sim.status(orderId))['statusCode'], 200)
})

test('Cancel is on every page and leads to the cancel address', async (t) => {
  const sim = await simulator(t)
  for (const stop of ['login', 'code', 'confirm']) {
    const { orderId, paymentUrl } = await sim.placed()
    let page = await visit(paymentUrl)
    if (stop !== 'login') page = await press(page, 'login', { member: '01700000001', pin: PIN })
    if (stop === 'confirm') page = await press(page, 'verify', { code: codeOn(page.text) })
    const { url } = await press(page, 'cancel')
    assert.equal(url, 'https://shop.example/return/cancel', stop)
    assert.equal((await sim.ledger(orderId))['state'], 'cancelled')
  }
})

test('a wrong PIN is pointed out, and the third one ends the order', async (t) => {
  const sim = await simulator(t)
  const { orderId, paymentUrl } = await sim.placed()
  let page = await visit(paymentUrl)
  page = await press(page, 'login', { member: '01700000001', pin: '0000' })
  assert.match(page.text, /role="alert">That number or PIN is not right\. Tries left: 2\./)
  page = await press(page, 'login', { member: '01999999999', pin: PIN })
  assert.match(page.text, /Tries left: 1\./)
  page = await press(page, 'login', { member: '01700000001', pin: '' })
  assert.match(page.text, /data-state="failed"/)
  assert.match(page.text, /data-action="back" href="https:\/\/shop\.example\/return\/failure"/)
  assert.equal((await sim.ledger(orderId))['reason'], 'declined')
})

test('a wrong PIN does not cost the number: it stands in its field as it was typed, and as text', async (t) => {
  const sim = await simulator(t)
  const { paymentUrl } = await sim.placed()
  const number = (page: { text: string }) => /id="member"[^>]* value="([^"]*)"/.exec(page.text)?.[1]
  const login = await visit(paymentUrl)
  assert.equal(number(login), '')
  assert.equal(number(await press(login, 'login', { member: '+880 1700-000001', pin: '0000' })), '+880 1700-000001')
  const evil = await press(login, 'login', { member: `"><b>${'1'.repeat(99)}`, pin: '0000' })
  assert.equal(number(evil), `&quot;&gt;&lt;b&gt;${'1'.repeat(15)}`)
})

test('a wrong code is pointed out, and the third one ends the order', async (t) => {
  const sim = await simulator(t)
  const { orderId, paymentUrl } = await sim.placed()
  let page = await press(await visit(paymentUrl), 'login', { member: '01700000001', pin: PIN })
  const wrong = codeOn(page.text) === '000000' ? '000001' : '000000'
  for (const left of [2, 1]) {
    page = await press(page, 'verify', { code: wrong })
    assert.match(page.text, new RegExp(`That code is not right\\. Tries left: ${left}\\.`))
  }
  await press(page, 'verify', { code: wrong })
  assert.equal((await sim.ledger(orderId))['state'], 'failed')
})

test('a wrong try is forgotten after a right one', async (t) => {
  const sim = await simulator(t)
  const { paymentUrl } = await sim.placed()
  let page = await visit(paymentUrl)
  for (const pin of ['1', '2', PIN]) page = await press(page, 'login', { member: '01700000001', pin })
  page = await press(page, 'verify', { code: 'x' })
  assert.match(page.text, /Tries left: 2\./)
})

test('nobody reaches the Pay button around the code', async (t) => {
  const sim = await simulator(t)
  const { orderId, paymentUrl } = await sim.placed()
  const code = await press(await visit(paymentUrl), 'login', { member: '01700000001', pin: PIN })
  const visitId = new URL(code.url).searchParams.get('visit') ?? ''
  for (const id of [visitId, '', 'guess']) {
    const confirm = await visit(`${paymentUrl}/confirm?visit=${id}`)
    assert.match(confirm.text, /Please log in again\./)
    await visit(`${paymentUrl}/pay`, { method: 'POST', body: new URLSearchParams({ visit: id }) })
  }
  await press(code, 'verify', { code: codeOn(code.text) })
  const other = await sim.placed()
  await visit(`${other.paymentUrl}/pay`, { method: 'POST', body: new URLSearchParams({ visit: visitId }) })
  assert.equal((await sim.ledger(orderId))['state'], 'created')
  assert.equal((await sim.ledger(other.orderId))['state'], 'created')
})

test('numbers, PIN and code may be typed in Bangla digits, with spaces or the country prefix', async (t) => {
  const sim = await simulator(t)
  for (const member of ['০১৭০০০০০০০১', '017 0000-0001', '+880 1700 000001']) {
    const { orderId, paymentUrl } = await sim.placed()
    const code = await press(await visit(paymentUrl), 'login', { member, pin: '১২৩৪' })
    const typed = codeOn(code.text).replace(/\d/g, (digit) => '০১২৩৪৫৬৭৮৯'[Number(digit)] ?? '')
    await press(await press(code, 'verify', { code: typed }), 'pay')
    assert.equal((await sim.ledger(orderId))['state'], 'paid')
  }
})

test("a one-time code that begins like the country's prefix is that code, and no phone number", () => {
  assert.equal(plainDigits('৮৮০ 123'), '880123')
  assert.equal(memberOf('8801700000001')?.number, '01700000001')
})

test('pressing Pay twice pays once', async (t) => {
  const sim = await simulator(t)
  const { orderId, paymentUrl } = await sim.placed()
  const confirmation = await toConfirmation(paymentUrl, '01700000001')
  await press(confirmation, 'pay')
  const { transactionId } = await sim.ledger(orderId)
  const again = await press(confirmation, 'pay')
  assert.match(again.text, /data-state="paid"/)
  const ledger = await sim.ledger(orderId)
  assert.equal(ledger['transactionId'], transactionId)
  assert.equal((ledger['history'] as unknown[]).length, 2)
})

for (const [step, hint] of [
  ['pay', 'success'],
  ['cancel', 'cancel'],
  ['fail', 'failure'],
  ['expire', 'failure'],
  ['error', 'failure'],
]) {
  test(`after "${step}" every page says so and leads back to ${hint}`, async (t) => {
    const sim = await simulator(t)
    const { orderId, paymentUrl } = await sim.placed()
    const confirmation = await toConfirmation(paymentUrl, '01700000001')
    await sim.control('POST', `/orders/${orderId}/${step}`)
    const { state } = await sim.ledger(orderId)
    for (const url of [paymentUrl, confirmation.url, confirmation.url.replace('/confirm', '/code')]) {
      const { text: page } = await visit(url)
      assert.match(page, new RegExp(`data-state="${state}"`))
      assert.ok(page.includes(`data-action="back" href="https://shop.example/return/${hint}"`))
      assert.equal(page.includes('<form'), false)
    }
  })
}

test('the pages say when the time is over, and Pay comes too late', async (t) => {
  const sim = await simulator(t)
  const { orderId, paymentUrl } = await sim.placed()
  const confirmation = await toConfirmation(paymentUrl, '01700000001')
  assert.match(confirmation.text, /15 min left to pay/)
  sim.clock.advance(14 * 60_000 + 1)
  assert.match((await visit(confirmation.url)).text, /1 min left to pay/)
  sim.clock.advance(60_000)
  assert.match((await press(confirmation, 'pay')).text, /data-state="expired"/)
  assert.equal((await sim.ledger(orderId))['state'], 'expired')
})

test('a fault of the return keeps the buyer from coming back, though the payment is made', async (t) => {
  const sim = await simulator(t)
  const { orderId, paymentUrl } = await sim.placed()
  const confirmation = await toConfirmation(paymentUrl, '01700000001')
  await sim.faults({ on: 'return', do: 'drop-reply', times: 1 })
  await assert.rejects(press(confirmation, 'pay'), TypeError)
  assert.equal((await sim.ledger(orderId))['state'], 'paid')
  const second = await sim.placed()
  const again = await toConfirmation(second.paymentUrl, '01700000001')
  await sim.faults({ on: 'return', do: 'html', value: 'lost on the way' })
  assert.equal((await press(again, 'pay')).text, 'lost on the way')
  assert.equal((await sim.ledger(second.orderId))['state'], 'paid')
})
