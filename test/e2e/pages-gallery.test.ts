import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'
import { chosenEngines } from '../support/engines/index.ts'
import { chromiumOptions } from '../support/launch-options.ts'
import { until } from '../support/until.ts'
import { bundle } from './pages-build.ts'
import { pageOf } from './pages-scene.ts'
import { type Site, startSite } from './pages-site.ts'

/** `GALLERY=write node --test test/e2e/pages-gallery.test.ts` takes the pictures anew: look at them before committing. */
const isWriting = process.env['GALLERY'] === 'write'
const FOLDER = new URL('../browser/gallery/', import.meta.url)
const WIDTH = 960
/** Less than any sheet: a page from right to left that ends above the window's edge is photographed off its place. */
const HEIGHT = 300
/**
 * Pixels of a sheet that may differ. The same browser with the same fonts draws the same picture, but for the edge of a box
 * that ends between two pixels; a corner that is one pixel rounder changes hundreds.
 */
const TOLERANCE = 60
/** How different a pixel's colour has to be, from 0 to 1: three steps of 255 in one colour are enough. */
const THRESHOLD = 0.005

interface Sheet {
  readonly name: string
  readonly query: string
  /** As somebody sees it who has chosen the colours of all pages. */
  readonly forced?: boolean
}

/** One sheet: all states of a look in a language, on the page on which that look is hardest. */
const SHEETS: readonly Sheet[] = [
  ...(['en', 'bn'] as const).flatMap((lang) =>
    (
      [
        ['brand', 'light'],
        ['dark', 'light'],
        ['light', 'dark'],
        ['outline', 'dark'],
        ['panel', 'light'],
        ['panel', 'dark'],
      ] as const
    ).map(([only, theme]) => ({
      name: `${only}-on-${theme}-${lang}`,
      query: `?only=${only}&theme=${theme}&lang=${lang}`,
    })),
  ),
  { name: 'brand-160-px-en', query: '?only=brand&width=160' },
  { name: 'brand-160-px-bn', query: '?only=brand&width=160&lang=bn' },
  { name: 'dark-on-dark-236-px-bn', query: '?only=dark&theme=dark&width=236&lang=bn' },
  { name: 'panel-200-px-en', query: '?only=panel&width=200' },
  { name: 'panel-right-to-left-bn', query: '?only=panel&dir=rtl&lang=bn' },
  { name: 'outline-right-to-left-en', query: '?only=outline&dir=rtl' },
  { name: 'brand-in-forced-colors-en', query: '?only=brand', forced: true },
]

/** Widths of a few words in the fonts of the elements: the same numbers mean the same fonts, drawn in the same way. */
const FONTS = `JSON.stringify(['600 16px system-ui', '14px system-ui', '600 16px "Noto Sans Bengali"'].flatMap((font) => {
  const context = document.createElement('canvas').getContext('2d')
  context.font = font
  return ['Pay ৳1,25,000.00', 'পেমেন্ট করুন ৳১,২৫,০০০.০০', 'iPay'].map((text) => context.measureText(text).width)
})) + navigator.userAgent.replace(/.*(Chrome.\\d+).*/, '$1')`

/** What each figure shows, as far as no font decides it: the parts in their order with their words. */
const OUTLINE = `[...document.querySelectorAll('figure')].map((figure) =>
  [figure.querySelector('figcaption').textContent, ...[...figure.querySelectorAll('ipay-button,ipay-result')].flatMap((element) =>
    [...element.shadowRoot.querySelectorAll('[part]')].map((part) =>
      part.getAttribute('part') + (part.querySelector('[part]') ? '' : ' ' + part.textContent.replace(/\\s+/g, ' ').trim())))].join(' | '))`

describe('the gallery of every state, look and language', {
  skip: chosenEngines().includes('chromium') ? false : 'Chromium was not chosen',
}, () => {
  let browser: Browser
  let site: Site

  before(async () => {
    site = await startSite()
    site.put('/gallery.js', await bundle('demo/gallery.ts', 'production'))
    site.put('/gallery.css', readFileSync(new URL('../../demo/gallery.css', import.meta.url), 'utf8'))
    const head = '<link rel="stylesheet" href="/gallery.css"><script type="module" src="/gallery.js"></script>'
    site.put('/gallery', pageOf(head, '<main></main>'))
    browser = await puppeteer.launch({ ...chromiumOptions(), defaultViewport: { width: WIDTH, height: HEIGHT } })
    if (isWriting) mkdirSync(FOLDER, { recursive: true })
  })
  after(async () => {
    await browser?.close()
    await site?.stop()
  })

  async function open(query: string, { forced = false, moves = false } = {}): Promise<Page> {
    const page = await browser.newPage()
    await page.emulateTimezone('Asia/Dhaka')
    const cdp = await page.createCDPSession()
    await cdp.send('Animation.enable')
    if (!moves) await cdp.send('Animation.setPlaybackRate', { playbackRate: 0 })
    const features = [{ name: 'forced-colors', value: forced ? 'active' : 'none' }]
    await cdp.send('Emulation.setEmulatedMedia', { features })
    await page.goto(`${site.url}/gallery${query}`)
    // The caption is the state that the element has to reach, or a word for an idle one.
    await until('every figure to be in its state', () =>
      page.evaluate(`(() => { const all = [...document.querySelectorAll('figure')]
        return all.length > 0 && all.every((figure) => { const element = figure.querySelector('ipay-button,ipay-result')
          const wanted = figure.querySelector('figcaption').textContent
          return element.state === wanted || wanted === '160 px' && element.state === 'unfinished' || element.state === 'idle' &&
            /^(pay|buy|order|book|donate|checkout|disabled|no amount)$/.test(wanted) }) })()`),
    )
    await page.evaluate(
      `Promise.all([...document.querySelectorAll('ipay-button,ipay-result')].map((e) => e.updateComplete))`,
    )
    return page
  }

  const file = (name: string) => new URL(name, FOLDER)

  for (const { name, query, forced } of SHEETS) {
    test(`${name} shows what it showed before`, async () => {
      const page = await open(query, { forced })
      const outline = (await page.evaluate(OUTLINE)) as string[]
      const fonts = String(await page.evaluate(FONTS))
      const picture = Buffer.from(await page.screenshot({ fullPage: true }))
      await page.close()
      if (isWriting) {
        writeFileSync(file(`${name}.png`), picture)
        writeFileSync(file(`${name}.json`), `${JSON.stringify({ fonts, outline }, null, 2)}\n`)
      }
      const known = JSON.parse(readFileSync(file(`${name}.json`), 'utf8')) as { fonts: string; outline: string[] }
      assert.deepEqual(outline, known.outline)
      // Other fonts break lines elsewhere: there the words and parts are all that can be compared.
      if (fonts !== known.fonts) return
      const [before, now] = [PNG.sync.read(readFileSync(file(`${name}.png`))), PNG.sync.read(picture)]
      assert.deepEqual([now.width, now.height], [before.width, before.height], 'the sheet has another size')
      const difference = new PNG({ width: now.width, height: now.height })
      const pixels = pixelmatch(before.data, now.data, difference.data, now.width, now.height, {
        threshold: THRESHOLD,
        // The edge of a curve counts too: it is all that changes when a corner is another one.
        includeAA: true,
      })
      if (pixels > TOLERANCE) {
        const folder = new URL('../../test-results/', import.meta.url)
        if (!existsSync(folder)) mkdirSync(folder)
        writeFileSync(new URL(`${name}-difference.png`, folder), PNG.sync.write(difference))
      }
      assert.ok(
        pixels <= TOLERANCE,
        `${pixels} pixels differ: see test-results/${name}-difference.png, GALLERY=write takes them anew`,
      )
    })
  }

  for (const lang of ['en', 'bn']) {
    test(`in every state and look in ${lang} the accessible name is the mark and what is seen`, async () => {
      const page = await open(`?lang=${lang}`)
      const cdp = await page.createCDPSession()
      const { nodes } = await cdp.send('Accessibility.getFullAXTree')
      const named = nodes
        .filter(({ ignored, role }) => !ignored && role?.value === 'button')
        .map(({ name }) => words(name?.value))
      const seen = (await page.evaluate(
        `[...document.querySelectorAll('ipay-button,ipay-result')].flatMap((element) =>
          [...element.shadowRoot.querySelectorAll('button')].map((button) =>
            (button.part.contains('button') ? 'iPay ' : '') + button.innerText))`,
      )) as string[]
      await page.close()
      assert.ok(seen.length > 60, `only ${seen.length} buttons`)
      assert.deepEqual(named.sort(), seen.map(words).sort())
    })
  }

  test('a printed receipt has its details and no buttons', async () => {
    const page = await open('?only=panel')
    await page.emulateMediaType('print')
    const shown = (await page.evaluate(
      `['dl', 'nav'].map((name) => [...document.querySelectorAll('ipay-result')]
        .filter((panel) => panel.shadowRoot.querySelector(name)?.checkVisibility()).length)`,
    )) as number[]
    await page.close()
    assert.deepEqual(shown, [7, 0])
  })

  for (const theme of ['light', 'dark']) {
    test(`under the pointer and pressed, words of every look keep 4.5 on a ${theme} page`, async () => {
      const page = await open(`?theme=${theme}`, { moves: true })
      // The first button of each look is an idle one.
      for (const [index, variant] of ['brand', 'dark', 'light', 'outline'].entries()) {
        const native: ElementHandle | null = await page.$(
          `main > .row:nth-of-type(${index + 1}) ipay-button >>> button`,
        )
        assert.ok(native, `no button of ${variant}`)
        const atRest = await native.evaluate(painted)
        await native.hover()
        const hovered = await native.evaluate(painted)
        await page.mouse.down()
        const pressed = await native.evaluate(painted)
        assert.notEqual(hovered.background, atRest.background, `${variant} does not answer the pointer`)
        assert.notEqual(pressed.background, hovered.background, `${variant} does not answer a press`)
        for (const { contrast } of [atRest, hovered, pressed]) assert.ok(contrast >= 4.5, `${variant}: ${contrast}`)
        // Away from the button: letting go there is no press.
        await page.mouse.move(1, 1)
        await page.mouse.up()
      }
      await page.close()
    })
  }

  test('what a finger touched last does not stay tinted', async () => {
    const page = await open('', { moves: true })
    const cdp = await page.createCDPSession()
    await cdp.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    assert.equal(await page.evaluate(`matchMedia('(pointer:coarse)').matches`), true)
    const native: ElementHandle | null = await page.$('main ipay-button >>> button')
    assert.ok(native)
    const atRest = await native.evaluate(painted)
    await native.hover()
    assert.deepEqual(await native.evaluate(painted), atRest)
    await page.close()
  })
})

const words = (text: unknown): string => String(text).replace(/\s+/g, ' ').trim()

/** What a button paints when its transition is over, and the contrast of its words on it and the page. Runs in the page. */
async function painted(button: Element): Promise<{ background: string; contrast: number }> {
  await Promise.all(button.getAnimations().map((animation) => animation.finished))
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!canvas) throw new Error('no canvas')
  const luminance = (...layers: string[]) => {
    for (const layer of layers) {
      canvas.fillStyle = layer
      canvas.fillRect(0, 0, 1, 1)
    }
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) =>
      byte <= 10 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const { backgroundColor, color } = getComputedStyle(button)
  const page = getComputedStyle(document.body).backgroundColor
  const [dark = 0, light = 0] = [luminance(page, backgroundColor), luminance(page, color)].sort((a, b) => a - b)
  return { background: backgroundColor, contrast: (light + 0.05) / (dark + 0.05) }
}
