import { expect } from '@open-wc/testing'
import '../../src/elements/define.ts'
import { atEnd, cleanUpAfterEach } from './clean-up.ts'
import { button, part, press } from './parts.ts'
import { inState, openReply, stay, testShop } from './shop.ts'

/** Browsers of some years ago, which many phones still have. */
describe('older browsers', () => {
  cleanUpAfterEach()

  it('a Chromium that knows only dashed names for CSS states draws and pays', async () => {
    const { add } = CustomStateSet.prototype
    atEnd(() => {
      CustomStateSet.prototype.add = add
    })
    CustomStateSet.prototype.add = function (name) {
      if (!name.startsWith('--')) throw new DOMException(`'${name}' does not start with '--'`, 'SyntaxError')
      return add.call(this, name)
    }
    const shop = testShop()
    await shop.answers({ status: 201, body: openReply() })
    const element = await button({ endpoint: shop.endpoint })
    stay(element)
    expect(part(element, 'button').textContent).to.contain('Pay')
    press(element)
    await inState(element, 'unfinished')
  })
})
