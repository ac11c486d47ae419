import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/until.ts'
import { newPage, press, put, shows, site } from './pages-chromium-tabs.ts'
import { problem } from './pages-site.ts'

/** What a screen reader is told. */
export function spokenRules(): void {
  test('the accessibility tree has one button named as it reads, busy while it works, and one status', async () => {
    const { page, cdp } = await newPage()
    site.answers(() => undefined)
    await page.goto(put())
    await shows(page, 'idle')
    await cdp.send('Accessibility.enable')
    const tree = async () => {
      const { nodes } = await cdp.send('Accessibility.getFullAXTree')
      return nodes
        .filter(({ ignored }) => !ignored)
        .map(({ role, name, properties = [], description }) => ({
          role: String(role?.value),
          name: String(name?.value ?? '')
            .replace(/\s+/g, ' ')
            .trim(),
          description: String(description?.value ?? ''),
          ...Object.fromEntries(properties.map((property) => [property.name, property.value.value])),
        }))
    }
    const buttons = async () => (await tree()).filter(({ role }) => role === 'button')
    const [only, ...others] = await buttons()
    assert.deepEqual(others, [])
    assert.equal(only?.name, 'iPay Pay ৳1,250.00')
    await press(page)
    await shows(page, 'starting')
    await until('the busy button', async () => {
      const [busy] = await buttons()
      return busy && 'disabled' in busy && busy.disabled === true
    })
    const statuses = (await tree()).filter(({ role }) => role === 'status')
    assert.equal(statuses.length, 1)
    const words = (await tree()).filter(({ role, name }) => role === 'StaticText' && name === 'One moment…')
    assert.equal(words.length, 1, 'said more than once')
  })

  test('a status is announced once for each state, and a state that is drawn again says nothing new', async () => {
    const { page } = await newPage()
    site.answers(() => problem('price-changed', { amount: '1300.00', currency: 'BDT' }))
    await page.goto(put())
    await shows(page, 'idle')
    await page.evaluate(`window.said = []
      const element = document.querySelector('ipay-button')
      const region = element.shadowRoot.querySelector('[role=status]')
      new MutationObserver(() => { const words = region.textContent.trim(); if (words) said.push(words) })
        .observe(region, { subtree: true, childList: true, characterData: true })`)
    await press(page)
    await shows(page, 'price-changed')
    await page.evaluate(`(async () => { for (let i = 0; i < 5; i++) {
      const element = document.querySelector('ipay-button'); element.requestUpdate(); await element.updateComplete } })()`)
    const said = (await page.evaluate('said')) as string[]
    assert.deepEqual(said, [...new Set(said)])
    assert.match(said.at(-1) ?? '', /৳1,250\.00 and is now ৳1,300\.00/)
  })
}
