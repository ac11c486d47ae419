import { IpayButton } from '../src/elements/ipay-button.ts'

/**
 * Tells the elements which hosts of payment pages the shop's server names in a `<meta>`, beside iPay's own: they leave for
 * no others. Called before anything of the page can have been answered.
 */
export function namePaymentHosts(): void {
  const named = document.querySelector<HTMLMetaElement>('meta[name=payment-hosts]')?.content
  if (named) IpayButton.paymentHosts = named.split(' ')
}
