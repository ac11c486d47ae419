import { html, type PropertyDeclarations } from 'lit'
import { TOKEN } from '../contract/limits.ts'
import { detailsOf } from './details.ts'
import { IpayError } from './errors.ts'
import { IpayElement } from './ipay-element.ts'
import { resultStyles } from './ipay-result.styles.ts'
import type { MessageKey } from './messages.ts'
import type { Offer } from './payment-host.ts'
import { sharedStyles } from './shared.styles.ts'
import { urlOf } from './url-of.ts'

/**
 * The return page's panel: asks the shop what became of a payment until it knows, and shows receipt, reason, next step.
 *
 * @element ipay-result
 * @fires ipay-redirect - before continuing to the payment page; cancelable
 * @fires ipay-state - after every change of state
 * @fires ipay-paid - the shop's server confirmed the payment
 * @fires ipay-cancelled - the shop's server confirmed that the buyer cancelled
 * @fires ipay-failed - the shop's server confirmed that the payment failed
 * @fires ipay-expired - the shop's server confirmed that time ran out
 * @fires ipay-unresolved - bounded waiting is over and nobody knows
 * @fires ipay-error - could not find out
 * @slot - what a server rendered; shown until the first answer
 * @slot paid - added under our text
 * @slot cancelled - added under our text
 * @slot failed - added under our text
 * @slot expired - added under our text
 * @slot confirming - added under our text
 * @slot unresolved - added under our text
 * @csspart panel
 * @csspart heading
 * @csspart message
 * @csspart details
 * @csspart action
 * @csspart ribbon
 * @cssprop --ipay-result-max-width
 * @cssprop --ipay-result-padding
 * @cssprop --ipay-result-border
 * @cssprop --ipay-result-radius
 * @cssprop --ipay-result-background
 * @cssprop --ipay-result-color
 * @cssprop --ipay-result-font
 * @cssprop --ipay-result-accent
 */
export class IpayResult extends IpayElement {
  static override styles = [sharedStyles, resultStyles]
  static override properties: PropertyDeclarations = {
    token: {},
    home: {},
  }

  /** The payment to tell about. Left out: the one that the page's address names (`?ipay=`). */
  declare token: string | undefined
  /** Link back to the shop. Left out: no link. */
  declare home: string | undefined

  /** @internal */
  override offer(): Offer {
    throw new IpayError('misconfigured')
  }

  /** @internal */
  override identity(): string {
    return ''
  }

  /** @internal */
  override returnedToken(): string {
    return this.token ? (TOKEN.test(this.token) ? this.token : '') : super.returnedToken()
  }

  protected override render() {
    const { state, payment, error, asking } = this.flow
    if (state === 'idle' || (state === 'confirming' && !payment && !error && this.childElementCount))
      return html`<section part="panel"><slot></slot></section>`
    return html`<section part="panel" class=${state} aria-busy=${asking}>
      <div role="status"><h2 part="heading" tabindex="-1">${this.text(`h-${this.link ? 'unfinished' : state}` as MessageKey)}</h2>
      <p part="message">${this.story} ${state === 'unfinished' ? this.timeLeft : ''}</p></div>
      <slot name=${state}></slot>${this.#details()}<nav>${this.#actions()}</nav>${this.ribbon}</section>`
  }

  #details() {
    const { payment } = this.flow
    if (!payment) return
    const rows = detailsOf(payment, this.language, this.messages)
    return html`<dl part="details">${rows.map(([name, value]) => html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}</dl>`
  }

  #actions() {
    const { state, payment } = this.flow
    const again = /^(cancelled|failed|expired)$/.test(state) && /^(now|later)$/.test(payment?.retry ?? '')
    return [
      this.link,
      state === 'unfinished' && this.action('continue', () => this.flow.start()),
      /^(un|confirming|error)/.test(state) && this.action('check', () => this.check()),
      this.home && html`<a part="action" href=${this.#home()}>${this.text(again ? 'again' : 'home')}</a>`,
    ].filter(Boolean)
  }

  /** The link back; only addresses that a link may safely have. */
  #home(): string {
    const url = urlOf(this.home ?? '')
    return url && /^https?:$/.test(url.protocol) ? url.href : '/'
  }
}
