import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { cleanUpAfterEach, stopClockForTest } from './clean-up.ts'
import { button, panel, part, press } from './parts.ts'
import { inState, openReply, problem, statusReply, TOKEN } from './shop.ts'

/** A page that asks the shop in its own way. */
describe('requests of the page itself', () => {
  cleanUpAfterEach()

  for (const answers of ['resolves to', 'is rejected with'] as const) {
    it(`B19: a createOrder that ${answers} "in progress" is asked again after 5 s, not at once`, async () => {
      const { body } = problem('in-progress', 409)
      let calls = 0
      const clock = stopClockForTest()
      const element = await button({
        createOrder: async () => {
          calls += 1
          if (answers === 'is rejected with') throw body
          return body as never
        },
      })
      press(element)
      await clock.pass(4_999)
      expect(calls).to.equal(1)
      await clock.pass(1)
      expect(calls).to.equal(2)
      await clock.pass(300_000)
      expect(calls).to.be.below(20)
    })
  }

  it('B10: a createOrder that says "too many requests" is left alone for 5 s, counted down', async () => {
    const clock = stopClockForTest()
    const element = await button({ createOrder: async () => Promise.reject(problem('too-many-requests', 429).body) })
    press(element)
    await clock.pass(0)
    await element.updateComplete
    expect(part(element, 'button').textContent).to.match(/5 seconds/)
    expect(part(element, 'button').getAttribute('aria-disabled')).to.equal('true')
  })

  it('A9: with one of the two callbacks and no endpoint, the other question is misconfigured', async () => {
    const pressed = await button({ readStatus: async () => statusReply() })
    press(pressed)
    await inState(pressed, 'error')
    const asking = await panel({ token: TOKEN, createOrder: async () => openReply() })
    await inState(asking, 'error')
    expect([pressed.error?.code, asking.error?.code]).to.deep.equal(['misconfigured', 'misconfigured'])
  })
})
