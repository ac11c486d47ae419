import { html, type PropertyDeclarations, type PropertyValues } from 'lit'
import { TOKEN_PARAMETER } from '../contract/limits.ts'
import { parseMoney } from '../contract/money.ts'
import type { Shown } from '../contract/schemas.ts'
import { LABELS, type Label, orElse, type Variant } from './button-choices.ts'
import { setEarlyProperties } from './early-properties.ts'
import { IpayError } from './errors.ts'
import { formatDuration } from './format.ts'
import { buttonStyles } from './ipay-button.styles.ts'
import { IpayElement } from './ipay-element.ts'
import { nearestLanguage } from './language.ts'
import { fallbackForm, fieldsOf } from './no-script-form.ts'
import { orderOf, UNREADABLE } from './order-attribute.ts'
import type { Offer } from './payment-host.ts'
import { isBusy } from './payment-state.ts'
import { sharedStyles } from './shared.styles.ts'
import { urlOf } from './url-of.ts'
import { warnOnce } from './warn.ts'
import { wordmark } from './wordmark.ts'

/**
 * A button that opens an iPay payment at the shop and leads the buyer to its page, once.
 *
 * @element ipay-button
 * @fires ipay-start - before the shop is asked; cancelable
 * @fires ipay-redirect - before leaving for the payment page; cancelable
 * @fires ipay-state - after every change of state
 * @fires ipay-paid - the shop's server confirmed the payment
 * @fires ipay-cancelled - the shop's server confirmed that the buyer cancelled
 * @fires ipay-failed - the shop's server confirmed that the payment failed
 * @fires ipay-expired - the shop's server confirmed that time ran out
 * @fires ipay-unresolved - bounded waiting is over and nobody knows
 * @fires ipay-error - could not start, or could not find out
 * @slot - the form that works without a script; its action and fields serve when the attributes are absent
 * @slot logo - the brand's own artwork, where the shop may use it
 * @slot label - the shop's own words in place of the verb
 * @csspart button - the native button
 * @csspart logo - the mark
 * @csspart label - the verb
 * @csspart amount - the amount
 * @csspart spinner - shown while at work
 * @csspart ribbon - shown in the sandbox
 * @csspart message - what happened and what to do now
 * @csspart action - the second choice below the message
 * @cssprop --ipay-button-height - least height
 * @cssprop --ipay-button-min-width
 * @cssprop --ipay-button-padding
 * @cssprop --ipay-button-radius
 * @cssprop --ipay-button-gap
 * @cssprop --ipay-button-font
 * @cssprop --ipay-button-background
 * @cssprop --ipay-button-color
 * @cssprop --ipay-button-border - as in `border`, or its colour alone
 * @cssprop --ipay-button-hover-background
 * @cssprop --ipay-button-active-background
 * @cssprop --ipay-button-focus-color
 * @cssprop --ipay-button-message-color
 * @cssprop --ipay-button-error-color
 * @cssstate idle starting redirecting unfinished confirming paid cancelled failed expired unresolved price-changed error
 */
export class IpayButton extends IpayElement {
  static readonly formAssociated = true
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true }
  static override styles = [sharedStyles, buttonStyles]
  static override properties: PropertyDeclarations = {
    order: { converter: orderOf },
    amount: {},
    currency: { converter: orElse('BDT') },
    label: { converter: orElse('pay') },
    returnTo: { attribute: 'return-to' },
  }

  /** What is being bought, in the shop's own words. Left out: the fields of the form in the default slot. */
  declare order: unknown
  /** Decimal text, shown on the button and sent along; never decides what is charged. Left out: no amount is shown. */
  declare amount: string | undefined
  /** ISO 4217 code of `amount`. Left out: `BDT`. */
  declare currency: string | undefined
  /** The verb. Left out: `pay`. */
  declare label: Label | undefined
  /** Path on this origin where the buyer comes back. Left out: the current page. */
  declare returnTo: string | undefined

  /** The last press only asked. */
  #isAsking = false

  constructor() {
    super()
    this.currency = 'BDT'
    this.label = 'pay'
    setEarlyProperties(this, 'variant', 'disabled')
  }

  /** The look. Left out: `brand`. */
  get variant(): Variant {
    return (this.getAttribute('variant') ?? 'brand') as Variant
  }
  set variant(variant: Variant | undefined) {
    if (variant) this.setAttribute('variant', variant)
    else this.removeAttribute('variant')
  }

  /** No press means anything. Left out: false. */
  get disabled(): boolean {
    return this.hasAttribute('disabled')
  }
  set disabled(disabled: boolean) {
    // A framework that clears the property hands over `undefined`, with which an attribute would be toggled.
    this.toggleAttribute('disabled', !!disabled)
  }

  /** Opens or resumes the payment, as a press does. */
  async start(): Promise<void> {
    const { form } = this.internals
    if (this.#isDisabled || (form && !form.noValidate && !form.reportValidity())) return
    await this.flow.start()
  }

  /** Drops the remembered attempt: the next press opens a payment of its own. */
  reset(): void {
    this.flow.reset()
  }

  override click(): void {
    this.#onPress()
  }

  formDisabledCallback(): void {
    this.requestUpdate()
  }

  /** @internal */
  override offer(): Offer {
    const order = this.order === undefined ? fieldsOf(this) : this.order
    if (order === undefined || order === UNREADABLE)
      throw new IpayError('misconfigured', {
        hint: 'no order, or it is not JSON',
      })
    const { shown } = this
    if (this.amount && !shown) throw new IpayError('misconfigured')
    const language = nearestLanguage(this)
    return {
      // What JSON cannot hold is found out when the order is written as text.
      order: order as Offer['order'],
      ...(shown && { shown }),
      returnTo: this.#returnTo(),
      ...(language && language.length < 36 && { lang: language }),
    }
  }

  protected override endpointText(): string | null | undefined {
    return this.orderEndpoint ?? fallbackForm(this)?.getAttribute('action')
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.get('amount') !== undefined || changed.get('currency') !== undefined) this.flow.forgetPrice()
    super.willUpdate(changed)
  }

  /** What the buyer sees as the price; undefined when there is none, or it is not an amount. */
  protected override get shown(): Shown | undefined {
    const { amount } = this
    const currency = this.currency ?? 'BDT'
    if (!amount) return undefined
    if (parseMoney(amount, currency)) return { amount, currency }
    warnOnce(`amount="${amount}" currency="${currency}" is no amount`)
    return undefined
  }

  /** By its own attribute, or by a fieldset around it. */
  get #isDisabled(): boolean {
    return this.matches(':disabled')
  }

  #returnTo(): string {
    const here = new URL(location.href)
    // Deleting writes all others anew, in other letters.
    if (here.searchParams.has(TOKEN_PARAMETER)) here.searchParams.delete(TOKEN_PARAMETER)
    if (this.returnTo) {
      const there = urlOf(this.returnTo, here)
      if (there?.origin === here.origin) return there.pathname + there.search + there.hash
      throw new IpayError('misconfigured', { hint: `return-to="${this.returnTo}" is not on this origin` })
    }
    return here.pathname + here.search + here.hash
  }

  #onPress = (event?: UIEvent): void => {
    const { state } = this.flow
    // The second half of a double click was meant for what the button said before: another price, or only to ask.
    if (event && event.detail > 1 && (this.#isAsking || state === 'price-changed')) return
    this.#isAsking = /^(confirming|unresolved)$/.test(state)
    if (!this.#isAsking) void this.start()
    else if (!this.#isDisabled) void this.check()
  }

  /** The words on the button. */
  private get verb(): string {
    const { state, waitSeconds } = this.flow
    if (waitSeconds) return this.text('wait', { time: formatDuration(waitSeconds, 'second', this.language) })
    if (state === 'paid') return this.text('done')
    if (state === 'unfinished') return this.text('continue')
    if (/^(confirming|unresolved)$/.test(state)) return this.text('check')
    if (/^(cancelled|failed|expired|error)$/.test(state)) return this.text('again')
    const label = this.label ?? 'pay'
    if (LABELS.includes(label)) return this.text(label)
    warnOnce(`label="${label}" is unknown; pay is used`)
    return this.text('pay')
  }

  protected override render() {
    const { state, error, asking, waitSeconds } = this.flow
    const busy = isBusy(state)
    const { price } = this
    // The shop's own words stand for the verb, not for what has to be said in other states.
    const ownLabel = /^(idle|starting|redirecting|price-changed)$/.test(state)
    return html`<button part="button" type="button" ?disabled=${this.#isDisabled}
        aria-disabled=${busy || state === 'paid' || waitSeconds > 0} aria-describedby="m" @click=${this.#onPress}
        ><span part="logo">${busy || asking ? html`<span part="spinner"></span>` : ''}<slot name="logo">${wordmark}</slot></span
        ><i> </i><span class="text"
          ><span part="label"><slot name=${ownLabel ? 'label' : 'none'}>${this.verb}</slot></span>${price ? html` <span part="amount">${this.money(price.amount, price.currency)}</span>` : ''}</span
      ></button>${this.ribbon}
      <div id="m" part="message" role="status" class=${state === 'error' ? state : ''}>${this.story}${this.#more()}</div>
      ${this.#action(state, error)}<slot hidden @slotchange=${() => this.flow.identify(true)}></slot>`
  }

  /** The amount on the button: what a press would pay, or what was paid; undefined where a press only asks. */
  private get price(): Shown | undefined | null {
    const { state, drawn, payment } = this.flow
    if (/^(confirming|unresolved)$/.test(state)) return undefined
    return (state === 'paid' && payment) || (drawn ?? this.shown)
  }

  /** Time left to pay, or what the buyer can quote to the shop. */
  #more() {
    const { state, payment } = this.flow
    if (state === 'unfinished') return ` ${this.timeLeft}`
    return payment && /^(unresolved|paid|failed)$/.test(state)
      ? html` ${this.text('reference')}: <bdi>${payment.reference}</bdi>`
      : ''
  }

  #action(state: string, error: IpayError | null) {
    if (state === 'unfinished' || (state === 'error' && error?.code === 'key-reused'))
      return this.action('start-over', () => this.reset())
    return this.link
  }
}
