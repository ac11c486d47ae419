import { waitUntil } from '@open-wc/testing'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { atEnd } from './clean-up.ts'
import type { TestShop } from './shop.ts'

/** Notes what a page's policy refuses, and every error. */
export const REPORT = `<script nonce="n">
  window.reports = []
  addEventListener('securitypolicyviolation', (e) => reports.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))
  addEventListener('error', (e) => reports.push(e.message))
</script>`

/** A page that reports. */
export type Page = Window & { reports: string[] }
export const pageOf = (frame: HTMLIFrameElement) => frame.contentWindow as Page
/** The element of a page in a frame, as soon as it is drawn. */
export const inFrame = async (frame: HTMLIFrameElement, selector = 'ipay-button') => {
  const find = () => frame.contentDocument?.querySelector<IpayButton>(selector)
  await waitUntil(() => find()?.shadowRoot?.querySelector('button'), 'the element is drawn', { timeout: 15_000 })
  return find() as IpayButton
}

/** A payment page to which a page of this machine may lead. */
export const inSandbox = { paymentUrl: `${location.origin}/shop/none/journal`, environment: 'sandbox' } as const

/** A button in a frame that may not leave, and so is still there; until the test is over. */
export async function framedButton(shop: TestShop, search = '') {
  const frame = await shop.page(
    `<!doctype html><html lang="en"><script>history.replaceState(null, '', '?${search}')</script>
    <script type="module" src="/src/elements/define.ts"></script>
    <ipay-button order-endpoint="${shop.endpoint}" order='"framed"' amount="2500.00" environment="sandbox"></ipay-button></html>`,
    { 'content-security-policy': 'sandbox allow-scripts allow-same-origin' },
  )
  atEnd(() => frame.remove())
  return { element: await inFrame(frame), page: frame.contentDocument as Document }
}
