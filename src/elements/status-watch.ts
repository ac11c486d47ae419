import type { PaymentStatus } from '../contract/schemas.ts'
import { checkEnvironment, shopUrl } from './checked-url.ts'
import { asIpayError, IpayError } from './errors.ts'
import { FlowState } from './flow-state.ts'
import { listen } from './live-status.ts'
import { finishAttempt, loseAttempt } from './memory.ts'
import { happeningOf, isBusy, isFinal } from './payment-state.ts'
import { readPaymentStatus } from './replies.ts'
import { readPayment } from './shop-client.ts'
import { backOff, CONFIRMING_MS, countInView, pauseInView, SLOW_PAUSE_MS } from './waiting.ts'

/** Asks the shop what became of a payment until an outcome is known. */
export abstract class StatusWatch extends FlowState {
  /** Of the newest watch. */
  #waiting: ReturnType<typeof countInView> | undefined

  /** Asks for the status now. Resolves when it is known, or could not be found out. */
  async check(): Promise<void> {
    if (this.token && !isBusy(this.state)) await this.watch()
  }

  /** Asks (`when` it is time to), and then again and again while the page is in view. Resolves after the first answer. */
  protected watch(when?: Promise<unknown>): Promise<void> {
    const signal = this.renew()
    if (this.state !== 'unfinished') this.go('ask')
    this.sayWhenSlow()
    return new Promise((answered) => {
      const ask = () => this.#keepAsking(signal, answered)
      if (when) void when.then(ask)
      else void ask()
    })
  }

  async #keepAsking(signal: AbortSignal, answered: () => void): Promise<void> {
    const tire = () => {
      if (this.state === 'confirming') this.go('tire')
    }
    const waiting = countInView(CONFIRMING_MS, signal, tire)
    this.#waiting = waiting
    for (let n = 0; !signal.aborted; n++) {
      await this.#ask(signal)
      answered()
      if (signal.aborted || this.state === 'error') break
      const suggested = this.error?.retryAfterSeconds || this.payment?.pollAfter
      const pause = suggested ? Math.min(60, Math.max(1, suggested)) * 1000 : backOff(n)
      const left = waiting.left()
      await pauseInView(left > 0 ? Math.min(pause, left) : SLOW_PAUSE_MS, signal)
    }
    answered()
  }

  async #ask(signal: AbortSignal): Promise<void> {
    this.asking = true
    this.host.requestUpdate()
    try {
      const status = await readPayment(this.host, this.token, signal)
      if (!signal.aborted) this.#take(status, signal)
    } catch (error) {
      if (!signal.aborted) this.#notFoundOut(asIpayError(error))
    }
    if (signal.aborted) return
    this.asking = false
    this.host.requestUpdate()
  }

  /** Believes an answer that is about this payment, and listens where it says that news can be heard. */
  #take(status: PaymentStatus, signal: AbortSignal): void {
    if (status.token !== this.token) throw new IpayError('bad-answer', { hint: 'about another payment' })
    checkEnvironment(status, this.host.environment)
    this.apply(status)
    const url = shopUrl(status.events)
    const { credentials, readStatus } = this.host
    if (!url || readStatus || credentials === 'omit') return
    listen(url, credentials === 'include', signal, (data) => {
      try {
        const news = readPaymentStatus(JSON.parse(data))
        if (news) this.#take(news, signal)
      } catch {
        // The next question tells what is wrong.
      }
    })
  }

  protected apply(status: PaymentStatus): void {
    const happening = happeningOf(status)
    // What was paid stays paid, whatever an older copy of the books says.
    if (this.state === 'paid' && happening !== 'paid') return void this.renew()
    if (isFinal(happening)) {
      finishAttempt(status.token)
      this.renew()
    }
    this.error = null
    this.learn(status)
    const before = this.state
    if (!this.go(happening)) return
    this.price = this.accepted = null
    // Time in which it could still be paid was no waiting for an outcome.
    if (before !== this.state) this.#waiting?.restart()
  }

  #notFoundOut(error: IpayError): void {
    if (this.state === 'paid') return void this.renew()
    const { code } = error
    const unknown = code === 'not-found'
    if (unknown && !this.returned) {
      loseAttempt(this.token)
      this.drop()
    } else if (unknown || code === 'misconfigured' || code === 'unsafe-payment-url') this.fail(error)
    else {
      const before = this.error?.code
      this.error = error
      // A remembered attempt can always be continued: its key makes the repeat harmless.
      if (!this.returned && !this.payment) this.go('hold')
      if (before !== code) this.report(error)
    }
  }
}
