import { IpayButton } from '../src/elements/ipay-button.ts'

/**
 * Hosts of payment pages beside iPay's own, as the shop's server names them in a `<meta>`: the elements leave for no others.
 * Imported before the elements are defined, so that none of them acts without.
 */
const named = document.querySelector<HTMLMetaElement>('meta[name=payment-hosts]')?.content
if (named) IpayButton.paymentHosts = named.split(' ')
