import { html, LitElement, type PropertyDeclarations, type PropertyValues } from 'lit'
import { canonicalJson } from '../contract/canonical-json.ts'
import { TOKEN, TOKEN_PARAMETER } from '../contract/limits.ts'
import type { PaymentStatus, Shown } from '../contract/schemas.ts'
import type { Environment } from '../contract/states.ts'
import { adoptStyles } from './adopt-styles.ts'
import { shopUrl } from './checked-url.ts'
import { IpayError } from './errors.ts'
import { formatAmount, formatDuration } from './format.ts'
import { nearestLanguage, unwatchLanguage, watchLanguage } from './language.ts'
import { fingerprint } from './memory.ts'
import { type MessageKey, type Messages, message } from './messages.ts'
import { PaymentController } from './payment-controller.ts'
import type { Offer } from './payment-host.ts'
import type { ElementState } from './payment-state.ts'
import { settings } from './settings.ts'
import { type CreateOrder, noEndpoint, type ReadStatus, type RequestHeaders } from './shop-client.ts'
import { storyOf } from './story.ts'
import { warnOnce } from './warn.ts'

/**
 * What both elements have in common: how the shop is reached, what is known, and the buyer's language. Does not say that it
 * implements `PaymentHost`, though it does: half of that is internal, and missing from the published types.
 */
export abstract class IpayElement extends LitElement {
  static override properties: PropertyDeclarations = {
    orderEndpoint: { attribute: 'order-endpoint' },
    environment: {
      converter: (value: string | null): Environment => {
        if (value === 'sandbox') return value
        if (value && value !== 'production') warnOnce(`environment="${value}" is unknown; production is used`)
        return 'production'
      },
    },
    headers: { attribute: false },
    credentials: { attribute: false },
    createOrder: { attribute: false },
    readStatus: { attribute: false },
    messages: { attribute: false },
  }

  /** Origins besides the page's own whose order endpoints may be asked. Set by code only. */
  static get endpointOrigins(): string[] {
    return settings.endpointOrigins
  }
  static set endpointOrigins(origins: string[]) {
    settings.endpointOrigins = origins
  }

  /** Extra exact hosts of payment pages. Set by code only. */
  static get paymentHosts(): string[] {
    return settings.paymentHosts
  }
  static set paymentHosts(hosts: string[]) {
    settings.paymentHosts = hosts
  }

  /** The shop's order endpoint. Without one nothing can be asked, unless `createOrder` and `readStatus` are given. */
  declare orderEndpoint: string | undefined
  /** Which payment hosts are allowed. Left out: `production`. */
  declare environment: Environment
  /** Extra request headers, or a function that makes them. Left out: none. */
  declare headers: RequestHeaders | undefined
  /** As for `fetch`. Left out: `same-origin`. */
  declare credentials: RequestCredentials | undefined
  /** Used in place of the POST. Left out: the POST is made. */
  declare createOrder: CreateOrder | undefined
  /** Used in place of the GET. Left out: the GET is made. */
  declare readStatus: ReadStatus | undefined
  /** The shop's own words for any text, per language. Left out: ours. */
  declare messages: Messages | undefined

  protected readonly internals: ElementInternals
  protected readonly flow: PaymentController
  /** The nearest `lang` when it was last drawn. */
  protected language = ''

  constructor() {
    super()
    this.environment = 'production'
    this.credentials = 'same-origin'
    this.internals = this.attachInternals()
    this.flow = new PaymentController(this, this.internals)
    // A key that is held is one act: what it would repeat may mean something else by now. What a slot holds is the page's.
    this.addEventListener('keydown', (event) => {
      if (event.repeat && event.key === 'Enter' && event.target === this) event.preventDefault()
    })
  }

  /** What the element is in. */
  get state(): ElementState {
    return this.flow.state
  }

  /** Why it could not start or find out; null when nothing is wrong. */
  get error(): IpayError | null {
    return this.flow.error
  }

  /** The last known status; null while nothing is known. */
  get payment(): PaymentStatus | null {
    return this.flow.payment
  }

  /** Asks for the status now. */
  check(): Promise<void> {
    return this.flow.check()
  }

  /** @internal */
  abstract offer(): Offer

  /** @internal */
  identity(): string {
    const { order } = this.offer()
    const { address } = this
    try {
      if (JSON.stringify(order) === undefined) throw order
      return fingerprint(`${address?.href} ${canonicalJson(order)}`)
    } catch (cause) {
      throw new IpayError('misconfigured', { cause, hint: 'the order is no JSON' })
    }
  }

  /** @internal */
  returnedToken(): string {
    const token = new URLSearchParams(location.search).get(TOKEN_PARAMETER) ?? ''
    return TOKEN.test(token) ? token : ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.flow.connect()
    watchLanguage(this)
    // Lit does not draw again what is put back.
    this.requestUpdate()
  }

  static override get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: it is the class that is registered
    return [...super.observedAttributes, 'lang']
  }

  /** Its own language is drawn with the next drawing, as a property is; ancestors' are told by an observer. */
  override attributeChangedCallback(name: string, before: string | null, text: string | null): void {
    super.attributeChangedCallback(name, before, text)
    this.requestUpdate()
  }

  /** Style sheets belong to one document: for another one they are made again. */
  adoptedCallback(): void {
    if (this.shadowRoot) adoptStyles(this.shadowRoot, (this.constructor as typeof IpayElement).styles)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.flow.disconnect()
    unwatchLanguage(this)
  }

  protected override createRenderRoot(): ShadowRoot {
    // `this.focus()` would do nothing while something inside the tag has the focus, be it drawn or not.
    const focused = this.contains((this.getRootNode() as Document | ShadowRoot).activeElement)
    if (focused) void this.updateComplete.then(() => this.#refocus())
    const root = this.shadowRoot ?? this.attachShadow((this.constructor as typeof IpayElement).shadowRootOptions)
    root.replaceChildren() // What a server rendered has done its work; Lit would draw beside it.
    this.adoptedCallback()
    return root
  }

  protected override willUpdate(changed: PropertyValues): void {
    const isElsewhere = changed.has('orderEndpoint')
    this.flow.identify(isElsewhere || changed.has('order') || changed.has('token'), isElsewhere)
    this.language = nearestLanguage(this)
    const focused = this.shadowRoot?.activeElement
    if (focused) void this.updateComplete.then(() => focused.isConnected || this.#refocus())
  }

  /** What had the focus is gone: the first thing to press gets it, or the heading. */
  #refocus(): void {
    this.shadowRoot?.querySelector<HTMLElement>('button,h2')?.focus()
  }

  /** The endpoint's address as written: the attribute, or what an element finds elsewhere. */
  protected endpointText(): string | null | undefined {
    return this.orderEndpoint
  }

  /** @internal */
  get address(): URL | undefined {
    const text = this.endpointText()
    if (!text) {
      if (this.createOrder || this.readStatus) return undefined
      throw noEndpoint()
    }
    const url = shopUrl(text)
    if (url) return url
    throw new IpayError('misconfigured', {
      hint: `order-endpoint="${text}": not in IpayButton.endpointOrigins`,
    })
  }

  /** One of our texts, or the shop's own for it. */
  protected text(key: MessageKey, values?: Record<string, string>): string {
    return message(key, this.language, this.messages, values)
  }

  protected money(amount: string, currency: string): string {
    return formatAmount(amount, currency, this.language)
  }

  /** What to tell the buyer about the present state; empty in `idle`. */
  protected get story(): string {
    return storyOf({ ...this.flow, shown: this.flow.accepted ?? this.shown }, this.language, this.messages)
  }

  /** The price that the buyer saw; undefined where none is shown. */
  protected get shown(): Shown | undefined {
    return undefined
  }

  /** Says that no real money moves. */
  protected get ribbon() {
    return this.environment === 'sandbox' ? html`<span part="ribbon">${this.text('ribbon')}</span>` : ''
  }

  /** The way to the payment page where the browser did not let this page leave; empty elsewhere. */
  protected get link() {
    const { state, error, safeUrl } = this.flow
    return state === 'error' && error?.code === 'blocked-navigation' && safeUrl
      ? html`<a part="action" href=${safeUrl} target="_top">${this.text('open')}</a>`
      : ''
  }

  /** A second choice below the message. */
  protected action(key: MessageKey, press: () => unknown) {
    return html`<button part="action" type="button" @click=${press}>${this.text(key)}</button>`
  }

  /** How long the payment page stays open, in whole minutes, hours or days; empty when that is not known or over. */
  protected get timeLeft(): string {
    const minutes = Math.ceil(this.flow.linkMs / 60_000)
    if (!(minutes > 0 && minutes < 1 / 0)) return ''
    // Longer than two hours or days nobody counts in the smaller unit; never more is promised than there is.
    const size = minutes < 120 ? 1 : minutes < 2880 ? 60 : 1440
    const unit = size < 60 ? 'minute' : size > 60 ? 'day' : 'hour'
    return this.text('left', { time: formatDuration(Math.floor(minutes / size), unit, this.language) })
  }
}
