import type { IpayEventMap } from './events.ts'
import { IpayButton } from './ipay-button.ts'
import { IpayResult } from './ipay-result.ts'
import { warnOnce } from './warn.ts'

// A server that imports this, with a binding for a framework for example, has no registry.
const registry: CustomElementRegistry | undefined = globalThis.customElements

/** Registers both elements. The first definition of a name wins, ours or another's; second ones are said in one line. */
const taken = Object.entries({ 'ipay-button': IpayButton, 'ipay-result': IpayResult }).flatMap(([name, type]) => {
  const known = registry?.get(name)
  if (!known) registry?.define(name, type)
  return known && known !== type ? `<${name}>` : []
})
if (taken[0]) warnOnce(`${taken} is already defined; that one is used`)

declare global {
  interface HTMLElementEventMap extends IpayEventMap {}
  interface HTMLElementTagNameMap {
    'ipay-button': IpayButton
    'ipay-result': IpayResult
  }
}
