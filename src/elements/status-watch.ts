import type { PaymentStatus } from '../contract/schemas.ts'
import { asIpayError, FlowState } from './flow-state.ts'
import { finishAttempt } from './memory.ts'
import { happeningOf, isBusy, isFinal } from './payment-state.ts'
import { readPayment } from './shop-client.ts'
import { backOff, CONFIRMING_MS, pauseInView, SLOW_PAUSE_MS } from './waiting.ts'

/** Asks the shop what became of a payment until an outcome is known. */
export abstract class StatusWatch extends FlowState {
  /** *Start over*: drops the remembered attempt. */
  abstract reset(): void

  /** Asks for the status now. Resolves when it is known, or could not be found out. */
  async check(): Promise<void> {
    if (this.token && !isBusy(this.state)) await this.watch()
  }

  /** Asks at once and then again and again. Resolves after the first answer. */
  protected watch(): Promise<void> {
    const signal = this.renew()
    if (this.state !== 'unfinished' && this.state !== 'unresolved') this.go('ask')
    const first = this.#ask(signal)
    void this.#keepAsking(first, signal)
    return first
  }

  async #keepAsking(asked: Promise<void>, signal: AbortSignal): Promise<void> {
    let waited = 0
    for (let n = 0; ; n++) {
      const from = performance.now()
      const tired = setTimeout(() => this.#tire(signal), CONFIRMING_MS - waited)
      await asked
      clearTimeout(tired)
      if (signal.aborted || isFinal(this.state) || this.state === 'error') return
      waited += performance.now() - from
      const suggested = this.error?.retryAfterSeconds || this.payment?.pollAfter
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
    if (!signal.aborted && this.state === 'confirming') this.go('tire')
  }

  async #ask(signal: AbortSignal): Promise<void> {
    this.asking = true
    this.host.requestUpdate()
    try {
      const status = await readPayment(this.host.shop(), this.token, signal)
      if (!signal.aborted) this.apply(status)
    } catch (error) {
      if (!signal.aborted) this.#notFoundOut(error)
    }
    if (signal.aborted) return
    this.asking = false
    this.host.requestUpdate()
  }

  protected apply(status: PaymentStatus): void {
    this.error = null
    this.learn(status)
    const happening = happeningOf(status)
    if (isFinal(happening)) finishAttempt(status.token)
    // Once nobody knew, "still being worked on" is no news.
    if (happening !== 'ask' || this.state !== 'unresolved') this.go(happening)
  }

  #notFoundOut(cause: unknown): void {
    const error = asIpayError(cause)
    const unknown = error.code === 'not-found'
    if (unknown && !this.returned) this.reset()
    else if (unknown || error.code === 'misconfigured') this.fail(error)
    else {
      const before = this.error?.code
      this.error = error
      // A remembered attempt can always be continued: its key makes the repeat harmless.
      if (!this.returned && !this.payment) this.go('hold')
      if (before !== error.code) this.report(error)
    }
  }
}
