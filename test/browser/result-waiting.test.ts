import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { atEnd, cleanUpAfterEach, stopClockForTest } from './clean-up.ts'
import { stopClock } from './clock.ts'
import { panel, part } from './parts.ts'
import { paid, shown } from './result-panel.ts'
import { inState, problem, statusReply, TOKEN, view } from './shop.ts'

describe('<ipay-result>', () => {
  cleanUpAfterEach()

  it('E7: confirming asks with back-off and follows the news', async () => {
    const clock = stopClockForTest()
    const working = { body: statusReply({ state: 'processing', paymentUrl: null }) }
    const { element, shop } = await shown(working, working, working, { body: paid })
    const asked: number[] = []
    for (const ms of [0, 999, 1, 1_499, 1, 2_249]) {
      await clock.pass(ms)
      asked.push((await shop.asked()).length)
    }
    expect(asked).to.deep.equal([1, 1, 2, 2, 3, 3])
    expect(element.state).to.equal('confirming')
    await clock.pass(1)
    expect(element.state).to.equal('paid')
    expect(await shop.asked()).to.have.length(4)
  })

  it('E7: waiting is bounded: after two minutes nobody knows, and asking goes on slowly', async () => {
    const clock = stopClockForTest()
    const { element, shop } = await shown({ body: statusReply({ state: 'processing', paymentUrl: null }) })
    await clock.pass(119_999)
    expect(element.state).to.equal('confirming')
    await clock.pass(1)
    expect(element.state).to.equal('unresolved')
    expect((await shop.asked()).length).to.be.below(30)
    await shop.answers({ body: paid })
    await clock.pass(59_999)
    expect(element.state).to.equal('unresolved')
    await clock.pass(1)
    expect(element.state).to.equal('paid')
    expect(await shop.asked()).to.have.length(1)
  })

  it('E7: a hidden page asks nothing, a shown one asks at once', async () => {
    const clock = stopClockForTest()
    const { element, shop } = await shown({ body: statusReply({ state: 'processing', paymentUrl: null }) })
    await clock.pass(5_000)
    view.hidden = true
    document.dispatchEvent(new Event('visibilitychange'))
    const before = (await shop.asked()).length
    expect(before).to.be.above(1)
    await clock.pass(600_000)
    expect(await shop.asked()).to.have.length(before)
    expect(element.state).to.equal('confirming')
    await shop.answers({ body: paid })
    view.hidden = false
    document.dispatchEvent(new Event('visibilitychange'))
    await inState(element, 'paid')
  })

  it('E7: a page that is hidden from the start asks once, for whoever opens it beside another, and again when it is seen', async () => {
    const clock = stopClock()
    atEnd(() => {
      view.hidden = false
      clock.release()
    })
    view.hidden = true
    const { element, shop } = await shown({ body: statusReply({ state: 'processing', paymentUrl: null }) })
    await clock.pass(600_000)
    expect(await shop.asked()).to.have.length(1)
    expect(element.state).to.equal('confirming')
    view.hidden = false
    document.dispatchEvent(new Event('visibilitychange'))
    await clock.pass(0)
    expect(await shop.asked()).to.have.length(2)
  })

  it('E7: time in which the page is hidden does not count towards the two minutes, not even during a question', async () => {
    const clock = stopClock({ awaitReplies: false })
    atEnd(() => {
      view.hidden = false
      clock.release()
    })
    const turnTo = (hidden: boolean) => {
      view.hidden = hidden
      document.dispatchEvent(new Event('visibilitychange'))
    }
    const element = await panel({ token: TOKEN, readStatus: () => new Promise<never>(() => {}) })
    await clock.pass(9_000)
    turnTo(true)
    await clock.pass(600_000)
    expect(element.state).to.equal('confirming')
    turnTo(false)
    await clock.pass(110_999)
    expect(element.state).to.equal('confirming')
    await clock.pass(1)
    expect(element.state).to.equal('unresolved')
  })

  it('what was paid stays paid with its receipt, and an older copy of the books is not asked again', async () => {
    const clock = stopClockForTest()
    const { element, shop } = await shown(
      { body: paid },
      { body: statusReply({ state: 'processing', paymentUrl: null }) },
    )
    await clock.pass(0)
    expect(element.state).to.equal('paid')
    const { transactionId } = paid
    void element.check()
    await clock.pass(120_000)
    expect([element.state, element.payment?.state]).to.deep.equal(['paid', 'paid'])
    expect(element.payment?.transactionId).to.equal(transactionId)
    expect(part(element, 'panel').getAttribute('aria-busy')).to.equal('false')
    expect(await shop.asked()).to.have.length(2)
    await shop.answers(problem('not-found', 404))
    void element.check()
    await clock.pass(120_000)
    expect(element.state).to.equal('paid')
  })
})
