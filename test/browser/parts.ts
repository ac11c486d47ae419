import { fixture, html } from '@open-wc/testing'
import type { IpayButton } from '../../src/elements/ipay-button.ts'
import type { IpayResult } from '../../src/elements/ipay-result.ts'

/** A part inside an element's shadow root; throws when it is not drawn. */
export function part(element: Element, name: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(`[part=${name}]`)
  if (!found) throw new Error(`no part ${name} in ${element.shadowRoot?.innerHTML}`)
  return found
}

/** Presses the native button inside. */
export const press = (element: Element): void => part(element, 'button').click()

/** Presses the second choice below the message, which has the focus then as under a finger, once it is drawn. */
export async function pressAction(element: IpayButton | IpayResult): Promise<void> {
  await element.updateComplete
  part(element, 'action').focus()
  part(element, 'action').click()
}

/** What the buyer is told. */
export const told = (element: Element): string => part(element, 'message').textContent?.trim() ?? ''

/** Files run at the same time and share one storage, as tabs do. */
const run = crypto.getRandomValues(new Uint32Array(1))[0]
let made = 0

/** A button for an order that no other test has, unless one is given. */
export function button(properties: Partial<IpayButton> & { endpoint?: string } = {}): Promise<IpayButton> {
  const { endpoint, ...rest } = properties
  const given = { orderEndpoint: endpoint, order: { cart: `c_${run}_${made++}` }, amount: '1250.00', ...rest }
  const element = document.createElement('ipay-button')
  Object.assign(element, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  return fixture<IpayButton>(html`${element}`)
}

/** A panel for a token. */
export function panel(properties: Partial<IpayResult>): Promise<IpayResult> {
  const element = Object.assign(document.createElement('ipay-result'), properties)
  return fixture<IpayResult>(html`${element}`)
}
