import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tab } from '../support/engines/index.ts'
import { PAY } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import { scriptTag } from './pages-build.ts'
import { pagesInEveryEngine } from './pages-scene.ts'
import { openReply, TAG } from './pages-site.ts'

/** Told by the framed page to the page around it: what became of the press. */
const TELL = `<script>
  let isPressed = false
  addEventListener('message', ({ data }) => {
    if (data === 'remembered?') return parent.postMessage('remembered ' + navigator.userActivation?.isActive, '*')
    const button = document.querySelector('ipay-button')?.shadowRoot?.querySelector('button')
    if (button && !isPressed) isPressed = true, button.click()
  })
  addEventListener('error', (event) => parent.postMessage('threw ' + event.message, '*'))
  addEventListener('ipay-state', (event) => {
    const { state, error } = event.target
    event.target.updateComplete.then(() => {
      const link = event.target.shadowRoot.querySelector('a[part=action]')
      parent.postMessage([state, error?.code, link?.target, link?.href].join(' '), '*')
    })
  })
</script>`

/** Four sandboxes of a frame, and whether the buyer gets out of it by a press of a script alone. */
const FLAGS = [
  ['plain frame', undefined, true],
  ['allow-top-navigation', 'allow-scripts allow-same-origin allow-top-navigation', true],
  [
    'allow-top-navigation-by-user-activation',
    'allow-scripts allow-same-origin allow-top-navigation-by-user-activation',
    false,
  ],
  ['neither', 'allow-scripts allow-same-origin', false],
] as const

pagesInEveryEngine('a frame of another origin', (scene) => {
  /** A page of the other origin that frames the shop. */
  async function framed(flags: string | undefined): Promise<Tab> {
    const { site } = scene
    site.put('/framed', `<!doctype html><html lang="en">${TELL}${scriptTag(scene.built)}${TAG}</html>`)
    const sandbox = flags === undefined ? '' : ` sandbox="${flags}"`
    site.put(
      '/around',
      `<!doctype html><html lang="en"><title>around</title>
      <script>window.heard = []; addEventListener('message', (event) => heard.push(event.data))</script>
      <iframe src="${site.url}/framed"${sandbox} width="400" height="300"></iframe></html>`,
    )
    // Around: 127.0.0.1; inside: localhost.
    const tab = await scene.newTab()
    await tab.open(`${site.otherUrl}/around`)
    return tab
  }

  const heard = (tab: Tab) => tab.evaluate(() => [...Reflect.get(window, 'heard')] as string[])

  /** Does the framed page count as pressed, as the browser says? */
  async function remembers(tab: Tab): Promise<string | undefined> {
    await tab.evaluate(() => document.querySelector('iframe')?.contentWindow?.postMessage('remembered?', '*'))
    return (await heard(tab)).findLast((words) => words.startsWith('remembered'))?.split(' ')[1]
  }

  for (const [what, flags, leaves] of FLAGS) {
    test(`D9: ${what}: ${leaves ? 'the whole window goes to the payment page' : 'a link says where to go'}, and nothing is framed`, async () => {
      const { site } = scene
      const paymentUrl = `${site.otherUrl}/pay/1`
      site.answers(() => ({ status: 201, body: openReply({ paymentUrl }) }))
      // Firefox writes its refusal, which the button has caught, into the log of errors all the same.
      scene.expectFault(/top-level browsing context/)
      const tab = await framed(flags)
      await until('the framed button', async () => {
        await tab.evaluate(() => document.querySelector('iframe')?.contentWindow?.postMessage('press', '*'))
        return site.asked.length > 0
      })
      // No press of a person went before, as when the shop took so long that the browser has forgotten it.
      const last = await until('an end', async () => {
        if ((await tab.url()) === paymentUrl) return 'left'
        return (await heard(tab)).findLast((words) => words.startsWith('error'))
      })
      if (last !== 'left') {
        assert.equal(last, `error blocked-navigation _top ${paymentUrl}`)
        assert.deepEqual(
          (await heard(tab)).filter((words) => words.startsWith('threw')),
          [],
        )
      }
      // An engine may want a press of a person even where no sandbox forbids; then the link has to be there.
      if (!leaves) assert.notEqual(last, 'left')
      if (flags?.endsWith('allow-top-navigation')) assert.equal(last, 'left')
      assert.equal(site.asked.filter(({ method }) => method === 'POST').length, 1)
      assert.equal(site.visits.filter((path) => path === '/pay/1').length, last === 'left' ? 1 : 0)
    })
  }

  for (const isForgotten of [false, true]) {
    for (const [what, flags] of FLAGS) {
      const when = isForgotten ? 'so long ago that the browser has forgotten it' : 'just now'
      test(`D9: ${what}, pressed by a person ${when}: the whole window leaves, or a link that leads there says so`, async () => {
        const { site } = scene
        const paymentUrl = `${site.otherUrl}/pay/1`
        let answer = () => {}
        const held = new Promise<void>((resolve) => {
          answer = resolve
        })
        site.answers(async () => {
          await held
          return { status: 201, body: openReply({ paymentUrl }) }
        })
        scene.expectFault(/top-level browsing context/)
        const tab = await framed(flags)
        await tab.clickInFrame('iframe', PAY)
        await until('the request', () => site.asked.length > 0)
        if (isForgotten) await until('the browser to forget the press', async () => (await remembers(tab)) === 'false')
        answer()
        const left = async () => (await tab.url()) === paymentUrl
        const isLink = async () => (await heard(tab)).includes(`error blocked-navigation _top ${paymentUrl}`)
        const hasLeft = await until('an end', async () =>
          (await left()) ? 'yes' : (await isLink()) ? 'no' : undefined,
        )
        assert.equal(
          hasLeft,
          ENDS[scene.engine][isForgotten ? 'forgotten' : 'fresh'][FLAGS.findIndex(([name]) => name === what)],
        )
        if (hasLeft === 'no') {
          assert.equal(site.visits.includes('/pay/1'), false, 'the payment page was framed')
          // A press on a link is as fresh as a press can be.
          await tab.clickInFrame('iframe', 'ipay-button >>> a[part=action]')
          if (what !== 'neither') await until('the payment page', left)
          else assert.equal(await left(), false)
        }
        assert.equal(site.asked.filter(({ method }) => method === 'POST').length, 1)
      })
    }
  }
})

/** Does the browser leave by itself from the frames of `FLAGS`, after a press that it remembers and one that it does not? */
const ENDS = {
  chromium: { fresh: ['yes', 'yes', 'yes', 'no'], forgotten: ['yes', 'yes', 'no', 'no'] },
  firefox: { fresh: ['yes', 'yes', 'yes', 'no'], forgotten: ['no', 'yes', 'no', 'no'] },
  // In WebKit a sandbox that wants a press wants it in the very turn that leaves.
  webkit: { fresh: ['yes', 'yes', 'no', 'no'], forgotten: ['yes', 'yes', 'no', 'no'] },
} as const
