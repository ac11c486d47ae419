import type { OpenReply, PaymentStatus } from '../contract/schemas.ts'
import { checkedUrl } from './checked-url.ts'
import { IpayError } from './errors.ts'
import { IpayRedirectEvent } from './events.ts'
import { leave } from './leave.ts'
import { isBusy } from './payment-state.ts'
import { StatusWatch } from './status-watch.ts'

const GONE_MS = 10_000

/** Sends the buyer to the payment page, and notices when that did not happen. */
export abstract class Departure extends StatusWatch {
  /** The checked address of the known attempt's payment page, if it has one that is allowed. */
  get safeUrl(): string | undefined {
    try {
      return this.payment ? checkedUrl(this.payment, this.host.environment) : undefined
    } catch {}
    return undefined
  }

  /** Asks what became of the payment in the meantime. */
  protected abstract catchUp(): void

  /** Tells the page, and leaves for the attempt's payment page. @throws IpayError `unsafe-payment-url` */
  protected async depart(attempt: OpenReply | PaymentStatus, signal: AbortSignal): Promise<void> {
    const url = checkedUrl(attempt, this.host.environment)
    if (!this.isShown(attempt)) return this.reprice(attempt)
    const event = new IpayRedirectEvent('ipay-redirect', { url, payment: this.payment as PaymentStatus })
    this.tell(event)
    const allowed = await event.allowed()
    if (signal.aborted) return
    if (!this.isShown(attempt)) return this.reprice(attempt)
    // The payment page may be an app, or the page leads the buyer in its own way: who looks at this one again has news.
    const onView = () => document.hidden || isBusy(this.state) || this.catchUp()
    document.addEventListener('visibilitychange', onView, { signal })
    if (!allowed) {
      this.go('hold')
      if (this.returned) void this.watch()
      return
    }
    if (!this.go('leave') || signal.aborted) return
    const blocked = () => this.fail(new IpayError('blocked-navigation'))
    if (leave(url)) this.later(GONE_MS, blocked)
    else blocked()
  }

  /** Continues an attempt whose order is not known here: straight to its payment page, while that is open. */
  protected goOn(): Promise<void> {
    const { payment } = this
    if (!payment || this.linkMs <= 0) return this.check()
    this.accepted = { amount: payment.amount, currency: payment.currency }
    return this.run((signal) => this.depart(payment, signal))
  }
}
