import type { IpayEventMap } from './events.ts'
import { IpayButton } from './ipay-button.ts'
import { IpayResult } from './ipay-result.ts'
import { warnOnce } from './warn.ts'

/** Registers both elements. The first definition of a name wins, ours or another's; a second one is said once. */
for (const [name, type] of [
  ['ipay-button', IpayButton],
  ['ipay-result', IpayResult],
] as const) {
  const known = customElements.get(name)
  if (!known) customElements.define(name, type)
  else if (known !== type) warnOnce(`<${name}> is already defined by another script or version; that one is used`)
}

declare global {
  interface HTMLElementEventMap extends IpayEventMap {}
  interface HTMLElementTagNameMap {
    'ipay-button': IpayButton
    'ipay-result': IpayResult
  }
}
