import { expect, oneEvent } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { formatInstant } from '../../src/elements/format.ts'
import { cleanUpAfterEach } from './clean-up.ts'
import { button, panel, part, pressAction, told } from './parts.ts'
import { paid, shown } from './result-panel.ts'
import { type Answer, inState, PAY_URL, problem, statusReply, stay, TOKEN, testShop, waitFor } from './shop.ts'

describe('<ipay-result>', () => {
  cleanUpAfterEach()

  it('shows a receipt once the status says paid, and fires once', async () => {
    const shop = testShop()
    await shop.answers({ body: paid })
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const element = await panel({ orderEndpoint: shop.endpoint })
    let fired = 0
    element.addEventListener('ipay-paid', () => fired++)
    await inState(element, 'paid')
    await element.updateComplete
    expect(part(element, 'heading').textContent).to.equal('Paid')
    expect(part(element, 'details').textContent).to.contain('23I2-12345678').and.to.contain('৳1,250.00')
    await element.check()
    expect(fired).to.equal(1)
    await expect(element).to.be.accessible()
  })

  it('E1: a token of a payment that is not paid says so, with the way on', async () => {
    const { element } = await shown({ body: statusReply({ pollAfter: 60 }) })
    const urls = stay(element)
    await inState(element, 'unfinished')
    await element.updateComplete
    expect(part(element, 'heading').textContent).to.equal('Not finished yet')
    expect(told(element)).to.contain('15 minutes')
    part(element, 'action').click()
    expect(urls).to.deep.equal([PAY_URL])
  })

  it('tells no minute more than there is, whatever the instant of the page is', async () => {
    const { now } = performance
    try {
      // One of the instants beside which fifteen minutes come out a ten-thousandth of a millisecond longer.
      performance.now = () => 0.1
      const { element } = await shown({ body: statusReply({ pollAfter: 60 }) })
      await inState(element, 'unfinished')
      await element.updateComplete
      expect(told(element)).to.contain('Time left: 15 minutes')
    } finally {
      performance.now = now
    }
  })

  it('tells the time as people in Dhaka say it, whatever the engine calls the part of the day', () => {
    expect(formatInstant('2026-11-21T16:50:00Z', 'bn')).to.equal('২১ নভেম্বর, ২০২৬, রাত ১০:৫০')
    expect(formatInstant('2026-11-21T10:03:11Z', 'bn')).to.equal('২১ নভেম্বর, ২০২৬, বিকাল ৪:০৩')
  })

  for (const [minutes, words] of [
    [119, '119 minutes'],
    [121, '2 hours'],
    [2 * 1440, '2 days'],
    [7 * 1440, '7 days'],
  ] as const) {
    it(`tells the time left in the unit that people count in: ${words}`, async () => {
      const serverTime = '2026-11-21T10:00:00Z'
      const expiresAt = new Date(Date.parse(serverTime) + minutes * 60_000).toISOString()
      const { element } = await shown({ body: statusReply({ pollAfter: 60, serverTime, expiresAt }) })
      await inState(element, 'unfinished')
      await element.updateComplete
      expect(told(element)).to.contain(`Time left: ${words}`)
    })
  }

  for (const [state, reason, heading, words] of [
    ['cancelled', null, 'Cancelled', /not been charged/],
    ['expired', null, 'Time ran out', /not been charged/],
    ['failed', 'insufficient-balance', 'Not paid', /Add money/],
    ['failed', 'account-blocked', 'Not paid', /Contact iPay/],
    ['failed', 'limit-exceeded', 'Not paid', /limit/],
    ['failed', 'declined', 'Not paid', /declined/],
    ['failed', 'technical', 'Not paid', /technical/],
    ['failed', 'unknown', 'Not paid', /did not go through/],
    ['unresolved', null, 'Not confirmed yet', /do not pay again/],
  ] as const) {
    it(`tells ${state} ${reason ?? ''} in plain words`, async () => {
      const { element } = await shown({ body: statusReply({ state, reason, paymentUrl: null }) })
      const outcome = oneEvent(element, `ipay-${state}`)
      await outcome
      await element.updateComplete
      expect(element.state).to.equal(state)
      expect(part(element, 'heading').textContent).to.equal(heading)
      expect(told(element)).to.match(words)
    })
  }

  for (const [what, answer] of Object.entries<Answer>({
    HTML: { type: 'text/html', text: '<h1>Paid!</h1>' },
    'a 500': { status: 500, text: 'paid' },
    'a 401': { status: 401, text: 'paid' },
    'a 503': problem('unavailable', 503),
    'another token': { body: { ...paid, token: 'tok_another0123456789' } },
    'a wrong shape': { body: { state: 'paid' } },
  })) {
    it(`E8: ${what} in place of the status says "confirming", and never an outcome`, async () => {
      const { element } = await shown(answer)
      await oneEvent(element, 'ipay-error')
      await element.updateComplete
      expect(element.state).to.equal('confirming')
      expect(element.error?.code).to.be.oneOf(['bad-answer', 'refused', 'unavailable'])
      expect(told(element)).to.match(/do not pay again/)
      expect(part(element, 'heading').textContent).to.equal('Please wait')
    })
  }

  for (const [state, retry, words] of [
    ['failed', 'no', 'Back to the shop'],
    ['cancelled', 'wait', 'Back to the shop'],
    ['failed', 'later', 'Try again'],
    ['expired', 'now', 'Try again'],
    ['paid', 'now', 'Back to the shop'],
  ] as const) {
    it(`the way on from ${state} with retry "${retry}" is called "${words}"`, async () => {
      const { element } = await shown({ body: statusReply({ state, retry, reason: null, paymentUrl: null }) })
      await inState(element, state)
      await element.updateComplete
      expect(part(element, 'action').textContent).to.equal(words)
    })
  }

  for (const home of ['/', undefined]) {
    it(`the focus stays in the panel when what had it is done with${home ? '' : ', and nothing else can be pressed'}`, async () => {
      const shop = testShop()
      await shop.answers(
        { body: statusReply({ state: 'processing', paymentUrl: null, pollAfter: 60 }) },
        { body: paid },
      )
      const element = await panel({ orderEndpoint: shop.endpoint, token: TOKEN, home })
      await waitFor('an answer', () => element.payment)
      await pressAction(element)
      await inState(element, 'paid')
      await element.updateComplete
      expect(element.shadowRoot?.activeElement === part(element, 'heading')).to.equal(true)
    })
  }

  it('an unknown token is told as one', async () => {
    const { element } = await shown(problem('not-found', 404))
    await inState(element, 'error')
    expect(element.error?.code).to.equal('not-found')
  })

  it('nothing is asked without a token, or with one that is none', async () => {
    const shop = testShop()
    for (const query of [
      '',
      '?ipay=',
      '?ipay=of%20two',
      '?ipay=../../../../../etc/passwd',
      '?ipay=%3Cscript%3E0123456789',
    ]) {
      history.replaceState(null, '', location.pathname + query)
      const element = await panel({ orderEndpoint: shop.endpoint })
      const beside = await button({ endpoint: shop.endpoint })
      expect([element.state, beside.state]).to.deep.equal(['idle', 'idle'])
    }
    expect(await shop.asked()).to.deep.equal([])
  })

  it('what the server rendered is shown until the first answer', async () => {
    const shop = testShop()
    await shop.answers({ body: paid, delayMs: 50 })
    const element = Object.assign(document.createElement('ipay-result'), { orderEndpoint: shop.endpoint, token: TOKEN })
    const words = document.createElement('p')
    words.textContent = 'Thank you'
    element.append(words)
    document.body.append(element)
    await element.updateComplete
    expect(words.assignedSlot).to.exist
    await inState(element, 'paid')
    await element.updateComplete
    expect(words.assignedSlot).to.equal(null)
    element.remove()
  })

  it('E18: texts of the shop are inert (OWASP ASVS 5.0, 3.2.2)', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202egpj'
    const { element } = await shown({ body: { ...paid, transactionId: evil, reference: evil.slice(0, 64) } })
    await inState(element, 'paid')
    await element.updateComplete
    expect(element.shadowRoot?.querySelectorAll('img')).to.have.length(0)
    expect(part(element, 'details').textContent).to.contain(evil)
  })

  it('the button on the return page agrees with the panel', async () => {
    const shop = testShop()
    await shop.answers({ body: paid })
    history.replaceState(null, '', `?ipay=${TOKEN}`)
    const element = await panel({ orderEndpoint: shop.endpoint })
    const beside = await button({ endpoint: shop.endpoint })
    await inState(element, 'paid')
    await inState(beside, 'paid')
  })
})
