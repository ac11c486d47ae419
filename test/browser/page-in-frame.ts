import { waitUntil } from '@open-wc/testing'
import type { IpayButton } from '../../src/elements/ipay-button.ts'

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
