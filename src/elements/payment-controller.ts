import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { REQUEST_DEADLINE_MS } from '../contract/limits.ts'
import { parseMoney, sameMoney } from '../contract/money.ts'
import { isLoopback, paymentUrl } from '../contract/payment-url.ts'
import type { OpenReply, OpenRequest, PaymentStatus, Shown } from '../contract/schemas.ts'
import type { Environment } from '../contract/states.ts'
import { IpayError } from './errors.ts'
import { IpayErrorEvent, IpayOutcomeEvent, IpayRedirectEvent, IpayStartEvent, IpayStateEvent } from './events.ts'
import { leave } from './leave.ts'
import { belongsElsewhere, finishAttempt, forgetAttempt, newKey, recallAttempt, rememberAttempt } from './memory.ts'
import { type ElementState, type Happening, happeningOf, isBusy, isFinal, move, type Outcome } from './payment-state.ts'
import { asStatus } from './replies.ts'
import { settings } from './settings.ts'
import { openPayment, readPayment, type ShopOptions, ShopProblem } from './shop-client.ts'
import { backOff, CONFIRMING_MS, pauseInView, SLOW_PAUSE_MS, sleep } from './waiting.ts'

/** What a press is about. */
export interface Offer {
  readonly order: OpenRequest['order']
  readonly shown?: Shown
  readonly returnTo?: string
  readonly lang?: string
}

/** What the flow asks of the element it runs for. */
export interface PaymentHost extends ReactiveControllerHost, HTMLElement {
  readonly environment: Environment
  /** How to reach the shop. @throws IpayError `misconfigured` */
  shop(): ShopOptions
  /** What a press would order. @throws IpayError `misconfigured` */
  offer(): Offer
  /** Fingerprint of endpoint and order; empty while there is no order (a panel never has one). */
  identity(): string
  /** Token of the payment that the buyer came back from; empty when the address names none. */
  returnedToken(): string
}

declare global {
  interface Document {
    /** Not in TypeScript's library yet: https://wicg.github.io/nav-speculation/prerendering.html */
    readonly prerendering?: boolean
  }
}

const SLOW_MS = 10_000
const GONE_MS = 10_000
const live = new Set<PaymentController>()

/** Runs the flow of one element: one state, one run at a time; only the newest run may write. */
export class PaymentController implements ReactiveController {
  state: ElementState = 'idle'
  payment: PaymentStatus | null = null
  error: IpayError | null = null
  /** The shop's price where it is not the one that was shown; what a press in `price-changed` accepts. */
  price: Shown | null = null
  /** The request takes longer than usual. */
  slow = false
  /** Is a question about the status under way? */
  asking = false

  #host: PaymentHost
  #states: Set<string> | undefined
  #run = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #id: string | undefined
  #token = ''
  /** The token came with the address (or an attribute), not from memory. */
  #returned = false
  #accepted: Shown | null = null
  /** Instants of `performance.now()`: until when the shop wants to be left alone, when the link dies. */
  #quietUntil = 0
  #linkDiesAt = 1 / 0
  #told = new Set<string>()
  #leader: PaymentController | undefined

  constructor(host: PaymentHost, internals: ElementInternals) {
    this.#host = host
    this.#states = internals.states
    host.addController(this)
  }

  /** What the buyer accepted instead of the shown price. */
  get accepted(): Shown | null {
    return this.#accepted
  }

  /** Seconds until a press may be tried again; 0 when it may. */
  get waitSeconds(): number {
    return Math.max(0, Math.ceil((this.#quietUntil - performance.now()) / 1000))
  }

  /** Is it known what the host is about? Not before its first drawing, nor after it was taken out. */
  get identified(): boolean {
    return this.#id !== undefined
  }

  /** The checked address of the known attempt's payment page, if it has one that is allowed. */
  get safeUrl(): string | undefined {
    try {
      return this.payment ? this.#check(this.payment) : undefined
    } catch {
      return undefined
    }
  }

  /** Milliseconds that the payment page stays open, Infinity when unknown. Counted by elapsed time alone. */
  get linkMs(): number {
    return this.#linkDiesAt - performance.now()
  }

  /** Opens or resumes the payment and leaves for the payment page. Never rejects. */
  async start(resumed = false): Promise<void> {
    if (this.waitSeconds) return
    if (this.state === 'unfinished' && this.#returned) return this.#follow()
    if (!this.#go('press')) return
    this.#accepted = this.price ?? this.#accepted
    this.price = null
    const { signal } = this.#renew()
    this.#later(SLOW_MS, () => {
      this.slow = true
    })
    this.#tellPeers()
    try {
      if (!resumed) {
        const event = new IpayStartEvent(this.#host.offer().order)
        this.#host.dispatchEvent(event)
        const allowed = await event.allowed()
        if (signal.aborted) return
        if (!allowed) return this.#drop()
      }
      const reply = await this.#open(signal)
      if (reply) await this.#redirect(reply, signal)
    } catch (error) {
      if (!signal.aborted) this.#fail(error)
    }
  }

  /** Asks for the status now. Resolves when it is known, or could not be found out. */
  async check(): Promise<void> {
    if (this.#token && !isBusy(this.state)) await this.#watch()
  }

  /** *Start over*: drops the remembered attempt. */
  reset(): void {
    if (this.#id) forgetAttempt(this.#id)
    this.#drop()
  }

  /** Called by the host before each drawing in which endpoint, order or token may be others than before. */
  identify(): void {
    if (document.prerendering) {
      document.addEventListener('prerenderingchange', () => this.identify(), { once: true })
      return
    }
    const id = this.#host.identity()
    const token = this.#host.returnedToken()
    const known = this.#id
    const returned = !!token && !known && !(id && belongsElsewhere(token, id))
    this.#id = id
    if (known === id ? !returned || token === this.#token : returned && token === this.#token) return
    // Another order, or another payment: what happened to the former does not count any more.
    if (known || this.#token) this.#drop()
    this.#returned = returned
    this.#token = returned ? token : (id && recallAttempt(id)?.token) || ''
    if (this.#token) void this.#watch()
  }

  /** The shown price changed: what the buyer accepted does not count any more. */
  forgetPrice(): void {
    this.#accepted = null
    if (this.state === 'price-changed') this.#drop()
  }

  hostConnected(): void {
    live.add(this)
    addEventListener('pageshow', this)
  }

  hostDisconnected(): void {
    live.delete(this)
    removeEventListener('pageshow', this)
    // A move within the document disconnects and connects at once; only a real removal ends the run.
    setTimeout(() => {
      if (this.#host.isConnected) return
      this.#id = undefined
      if (isBusy(this.state)) this.#drop()
      else this.#renew()
    })
  }

  /** Back, with the browser's page cache: nothing frozen may stay. */
  handleEvent({ persisted }: PageTransitionEvent): void {
    if (!persisted) return
    this.#renew()
    const payable = !!this.payment?.paymentUrl
    if (payable && (isBusy(this.state) || this.state === 'error')) this.#go('hold')
    else if (isBusy(this.state)) this.#drop()
    if (this.#token && !isFinal(this.state)) void this.#watch()
    else if (this.state === 'idle') {
      this.#id = undefined
      this.identify()
    }
  }

  async #open(signal: AbortSignal): Promise<OpenReply | undefined> {
    const offer = this.#host.offer()
    const shop = this.#host.shop()
    const id = this.#host.identity()
    const shown = this.#accepted ?? offer.shown
    const remembered = recallAttempt(id)
    const key = remembered?.key ?? newKey()
    this.#id = id
    rememberAttempt(id, key, remembered?.token)
    for (const from = performance.now(); ; ) {
      try {
        const reply = await openPayment(shop, shown ? { ...offer, shown } : offer, key, signal)
        this.#check(reply)
        this.#token = reply.token
        this.#returned = false
        rememberAttempt(id, key, reply.token)
        this.#learn(asStatus(reply))
        if (!shown || isSame(shown, reply)) return reply
        return this.#reprice(reply)
      } catch (error) {
        if (!(error instanceof ShopProblem) || signal.aborted) throw error
        const { code, token = '', amount, currency } = error.problem
        const pause = error.retryAfterSeconds * 1000
        if (code === 'in-progress' && performance.now() - from + pause < REQUEST_DEADLINE_MS) await sleep(pause, signal)
        else if (code === 'price-changed' && amount && currency) return this.#reprice({ amount, currency })
        else if (code === 'already-paid' && token) return this.#paidBefore(id, key, token)
        else throw error
      }
    }
  }

  /** Nothing to pay, says the shop. What was paid is told by the status alone. */
  async #paidBefore(id: string, key: string, token: string): Promise<undefined> {
    rememberAttempt(id, key, token)
    this.#token = token
    this.#returned = true
    await this.#watch()
  }

  #reprice({ amount, currency }: Shown): undefined {
    this.price = { amount, currency }
    this.#go('reprice')
  }

  /** @throws IpayError when the buyer may not be sent where the reply says. */
  #check({ environment, paymentUrl: url, expiresAt, serverTime }: OpenReply | PaymentStatus): string {
    const ours = this.#host.environment
    if (expiresAt && Date.parse(expiresAt) <= Date.parse(serverTime))
      throw new IpayError('bad-answer', { hint: 'the payment link was already expired when it was sent' })
    if (environment !== ours)
      throw new IpayError('unsafe-payment-url', {
        hint: `the shop answers for "${environment}", the tag says environment="${ours}": make them agree`,
      })
    const onLoopback = isLoopback(location.hostname)
    const safe = paymentUrl(url, { environment: ours, paymentHosts: settings.paymentHosts, onLoopback })
    if (!safe) throw new IpayError('unsafe-payment-url', { hint: 'the payment address is not on an allowed host' })
    return safe
  }

  async #redirect(reply: OpenReply | PaymentStatus, signal: AbortSignal): Promise<void> {
    const url = this.#check(reply)
    const event = new IpayRedirectEvent(url, this.payment as PaymentStatus)
    this.#host.dispatchEvent(event)
    const allowed = await event.allowed()
    if (signal.aborted) return
    if (!allowed) {
      this.#go('hold')
      return
    }
    this.#go('leave')
    const blocked = () => this.#fail(new IpayError('blocked-navigation', { hint: 'the page did not leave' }))
    if (leave(url)) this.#later(GONE_MS, blocked)
    else blocked()
  }

  /** Continues an attempt whose order is not known here: straight to its payment page, while that is open. */
  async #follow(): Promise<void> {
    if (!this.payment || this.linkMs <= 0) return this.check()
    const { signal } = this.#renew()
    try {
      await this.#redirect(this.payment, signal)
    } catch (error) {
      if (!signal.aborted) this.#fail(error)
    }
  }

  /** Asks until the outcome is known. Resolves after the first answer. */
  #watch(): Promise<void> {
    const { signal } = this.#renew()
    if (!this.payment || this.state !== 'unfinished') this.#go('ask')
    const first = this.#ask(signal)
    void this.#keepAsking(first, signal)
    return first
  }

  async #keepAsking(first: Promise<void>, signal: AbortSignal): Promise<void> {
    let waited = 0
    let asked = first
    for (let n = 0; ; n++) {
      const from = performance.now()
      const tired = setTimeout(() => this.#tire(signal), CONFIRMING_MS - waited)
      await asked
      clearTimeout(tired)
      if (signal.aborted || isFinal(this.state) || this.state === 'error') return
      waited += performance.now() - from
      const suggested = this.payment?.pollAfter ?? this.error?.retryAfterSeconds
      const pause = suggested ? Math.min(60, Math.max(1, suggested)) * 1000 : backOff(n)
      const left = CONFIRMING_MS - waited
      try {
        waited += await pauseInView(left > 0 ? Math.min(pause, left) : SLOW_PAUSE_MS, signal)
      } catch {
        return
      }
      if (waited >= CONFIRMING_MS) this.#tire(signal)
      asked = this.#ask(signal)
    }
  }

  #tire(signal: AbortSignal): void {
    if (!signal.aborted && this.state === 'confirming') this.#go('tire')
  }

  async #ask(signal: AbortSignal): Promise<void> {
    this.asking = true
    this.#host.requestUpdate()
    try {
      const status = await readPayment(this.#host.shop(), this.#token, signal)
      if (!signal.aborted) this.#apply(status)
    } catch (error) {
      if (!signal.aborted) this.#notFoundOut(error)
    } finally {
      if (!signal.aborted) this.asking = false
      this.#host.requestUpdate()
    }
  }

  #apply(status: PaymentStatus): void {
    this.error = null
    this.#learn(status)
    const happening = happeningOf(status)
    if (isFinal(happening)) finishAttempt(status.token)
    // Once nobody knew, "still being worked on" is no news.
    if (happening !== 'ask' || this.state !== 'unresolved') this.#go(happening)
  }

  #learn(status: PaymentStatus): void {
    this.payment = status
    const { expiresAt, serverTime } = status
    this.#linkDiesAt = expiresAt ? performance.now() + Date.parse(expiresAt) - Date.parse(serverTime) : 1 / 0
    this.#host.requestUpdate()
  }

  #notFoundOut(cause: unknown): void {
    const error = asIpayError(cause)
    const unknown = error.code === 'not-found'
    if (unknown && !this.#returned) this.reset()
    else if (unknown || error.code === 'misconfigured') this.#fail(error)
    else {
      const before = this.error?.code
      this.error = error
      // A remembered attempt can always be continued: its key makes the repeat harmless.
      if (!this.#returned && !this.payment) this.#go('hold')
      if (before !== error.code) this.#report(error)
    }
  }

  #fail(cause: unknown): void {
    const error = asIpayError(cause)
    this.error = error
    this.#quietUntil = performance.now() + error.retryAfterSeconds * 1000
    this.#go('fail')
    this.#report(error)
    this.#countDown()
  }

  #report(error: IpayError): void {
    console.warn(`pay-with-ipay: ${error.message}`, error.cause ?? '')
    this.#host.dispatchEvent(new IpayErrorEvent(error))
  }

  /** Draws the seconds; at the end only what the shop is still working on is asked again by itself. */
  #countDown(): void {
    this.#host.requestUpdate()
    if (this.waitSeconds) this.#later(250, () => this.#countDown())
    else if (this.error?.code === 'in-progress') void this.start(true)
  }

  #drop(): void {
    this.#renew()
    this.payment = this.price = this.error = this.#accepted = null
    this.#token = ''
    this.#returned = false
    this.#quietUntil = 0
    this.#go('drop')
    this.#host.requestUpdate()
  }

  /** Ends the run before, so that it writes nothing any more. */
  #renew(): AbortController {
    this.#run.abort()
    clearTimeout(this.#timer)
    this.asking = false
    this.#run = new AbortController()
    return this.#run
  }

  #later(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      then()
      this.#host.requestUpdate()
    }, ms)
  }

  /** Makes it happen, tells the page, and returns true; false when it cannot happen now. */
  #go(happening: Happening): boolean {
    const previous = this.state
    const state = move(previous, happening)
    if (!state) return false
    if (state !== 'starting') this.slow = false
    if (isBusy(previous) && state !== 'starting') clearTimeout(this.#timer)
    if (state === 'starting') this.error = null
    else if (state !== 'price-changed') this.price = null
    if (state !== previous) {
      this.state = state
      this.#states?.delete(previous)
      this.#states?.add(state)
      this.#host.requestUpdate()
      this.#host.dispatchEvent(new IpayStateEvent(state, previous, this.payment))
    }
    if (!isBusy(state)) this.#releasePeers()
    if (isFinal(state) || state === 'unresolved') this.#tell(state as Outcome)
    return true
  }

  #tell(outcome: Outcome): void {
    const once = `${outcome} ${this.#token}`
    if (this.#told.has(once)) return
    this.#told.add(once)
    this.#host.dispatchEvent(new IpayOutcomeEvent(outcome, this.payment))
  }

  /** Other buttons for the same order on this page show that it is being worked on. */
  #tellPeers(): void {
    const id = this.#host.identity()
    for (const peer of live) {
      if (peer === this || !id || peer.#id !== id || !peer.#go('press')) continue
      peer.#renew()
      peer.#leader = this
    }
  }

  #releasePeers(): void {
    for (const peer of live) {
      if (peer.#leader !== this) continue
      peer.#leader = undefined
      peer.#token = this.#token
      if (this.payment) peer.#apply(this.payment)
      else peer.#drop()
    }
  }
}

const asIpayError = (error: unknown): IpayError =>
  error instanceof IpayError ? error : new IpayError('unreachable', { cause: error })

function isSame(a: Shown, b: Shown): boolean {
  const [x, y] = [parseMoney(a.amount, a.currency), parseMoney(b.amount, b.currency)]
  return !!x && !!y && sameMoney(x, y)
}
