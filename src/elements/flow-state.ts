import type { PaymentStatus, Shown } from '../contract/schemas.ts'
import { asIpayError, type IpayError } from './errors.ts'
import { IpayErrorEvent, IpayOutcomeEvent, IpayStartEvent, IpayStateEvent } from './events.ts'
import type { PaymentHost } from './payment-host.ts'
import { type ElementState, type Happening, isFinal, move, type Outcome } from './payment-state.ts'
import { isSamePrice } from './same-price.ts'
import { warn } from './warn.ts'

const SLOW_MS = 10_000

/** What one element's flow knows, and how a change of it is told: to the page by events, to the host by a drawing. */
export class FlowState {
  state: ElementState = 'idle'
  payment: PaymentStatus | null = null
  error: IpayError | null = null
  /** The shop's price where it is not the one that was shown; what a press in `price-changed` accepts. */
  price: Shown | null = null
  /** What the buyer accepted instead of the shown price. */
  accepted: Shown | null = null
  /** The request takes longer than usual. */
  slow = false
  /** A question about the status is under way. */
  asking = false

  /** The page is being asked whether to begin; a press within that means nothing. */
  protected announcing = false
  protected readonly host: PaymentHost
  /** Token of the payment that this element is about; empty while there is none. */
  protected token = ''
  /** The token came with the address (or an attribute), not from memory. */
  protected returned = false

  #states: Set<string> | undefined
  #run: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Of its own: whoever comes back meets a pause that goes on. */
  #pause: ReturnType<typeof setTimeout> | undefined
  /** Instants of `performance.now()`: until when the shop wants to be left alone, when the link dies. */
  #quietUntil = 0
  #linkDiesAt = 1 / 0
  #told = new Set<string>()

  constructor(host: PaymentHost, internals: ElementInternals) {
    this.host = host
    this.#states = internals.states
    this.#mark()
  }

  /** Seconds until a press may be tried again; 0 when it may. */
  get waitSeconds(): number {
    return Math.max(0, Math.ceil((this.#quietUntil - performance.now()) / 1000))
  }

  /** Whole milliseconds that the payment page stays open, Infinity when unknown. Counted by elapsed time alone. */
  get linkMs(): number {
    return Math.floor(this.#linkDiesAt - performance.now())
  }

  /** Makes it happen, tells the page, and returns true; false when it cannot happen now. */
  protected go(happening: Happening): boolean {
    const previous = this.state
    // As it is now: who hears of the change may drop it all.
    const { token, payment } = this
    const state = move(previous, happening)
    if (!state) return false
    if (state !== previous) {
      clearTimeout(this.#timer)
      this.slow = false
      this.state = state
      this.#mark()
      this.host.requestUpdate()
      this.tell(new IpayStateEvent('ipay-state', { state, previous, payment }))
    }
    const once = `${state} ${token}`
    if ((isFinal(state) || state === 'unresolved') && !this.#told.has(once)) {
      this.#told.add(once)
      this.tell(new IpayOutcomeEvent(`ipay-${state as Outcome}`, { payment }))
    }
    return true
  }

  /** The CSS state. Chromium before 125 knew dashed names only, and throws at others. */
  #mark(): void {
    try {
      this.#states?.clear()
      this.#states?.add(this.state)
    } catch {}
  }

  /** The shown price changed: what the buyer accepted does not count any more. */
  forgetPrice(): void {
    this.accepted = null
    if (this.state === 'price-changed') this.drop()
  }

  /** The price on the button, and so of a press, where it is not the page's own. */
  get drawn(): Shown | null {
    return this.price ?? this.accepted ?? (this.state === 'unfinished' ? this.payment : null)
  }

  /** Is this the price on the button of a press, which the page may have changed meanwhile? @throws IpayError `misconfigured` */
  protected isShown(price: Shown): boolean {
    if (this.state !== 'starting') return true
    const shown = this.accepted ?? this.host.offer().shown
    return !shown || isSamePrice(shown, price)
  }

  /** The shop's price is another one than was sent: the buyer is asked about it. */
  protected reprice({ amount, currency }: Shown, sent: Shown | null = this.accepted): undefined {
    this.accepted = sent
    this.price = { amount, currency }
    this.go('reprice')
  }

  protected learn(payment: PaymentStatus): void {
    this.payment = payment
    const { expiresAt, serverTime } = payment
    this.#linkDiesAt = expiresAt ? performance.now() + (Date.parse(expiresAt) - Date.parse(serverTime)) : 1 / 0
    this.host.requestUpdate()
  }

  protected fail(error: IpayError): void {
    this.error = error
    this.#quietUntil = error.retryAfterSeconds && performance.now() + error.retryAfterSeconds * 1000
    this.go('fail')
    this.report(error)
    this.#countDown()
  }

  protected report(error: IpayError): void {
    warn(error.message, error.cause)
    this.tell(new IpayErrorEvent('ipay-error', { error }))
  }

  /** Asks the page whether to begin; undefined where nothing can be bought, which is found out on the way. */
  protected announce(): IpayStartEvent | undefined {
    try {
      const event = new IpayStartEvent('ipay-start', { order: this.host.offer().order })
      this.announcing = true
      this.tell(event)
      this.announcing = false
      return event
    } catch {
      return undefined
    }
  }

  protected tell(event: Event): void {
    this.host.dispatchEvent(event)
  }

  /** Called when the time is over that the shop asked to be left alone for. */
  protected rested(): void {}

  #countDown(): void {
    clearTimeout(this.#pause)
    if (this.waitSeconds) this.#pause = setTimeout(() => this.#countDown(), 250)
    else this.rested()
    this.host.requestUpdate()
  }

  /** Does the work of the newest run, and fails when the work does. Never rejects. */
  protected async run(work: (signal: AbortSignal) => unknown): Promise<void> {
    const signal = this.renew()
    try {
      await work(signal)
    } catch (error) {
      if (!signal.aborted) this.fail(asIpayError(error))
    }
  }

  /** Back to the start: nothing is known, nothing runs. */
  protected drop(): void {
    this.renew()
    this.payment = this.price = this.accepted = this.error = null
    this.token = ''
    this.returned = false
    this.#quietUntil = 0
    this.go('drop')
  }

  /** Ends the run before, so that it writes nothing any more, and begins one. */
  protected renew(): AbortSignal {
    this.#run?.abort()
    clearTimeout(this.#timer)
    this.asking = this.slow = false
    this.host.requestUpdate()
    this.#run = new AbortController()
    return this.#run.signal
  }

  /** What the buyer waits for takes longer than usual: it is said before the request ends. */
  protected sayWhenSlow(): void {
    this.later(SLOW_MS, () => {
      this.slow = this.state === 'starting' || this.state === 'confirming'
    })
  }

  protected later(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      then()
      this.host.requestUpdate()
    }, ms)
  }
}
