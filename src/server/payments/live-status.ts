import type { PaymentStatus } from '../../contract/schemas.ts'
import type { Deps } from './deps.ts'
import { paymentStatus } from './payment-status.ts'

type Listener = (status: PaymentStatus) => void

/** Tells who listens to a payment what its status became, whichever process changed it. */
export interface LivePayments {
  /** Calls `changed` after each committed change of this payment, until the returned function is called. */
  subscribe(token: string, changed: Listener): () => void
  /** Hears no more changes. */
  stop(): void
}

/**
 * Live status over the store's changes. Nothing is read while nobody listens; changes that come while one payment is
 * being read lead to one more reading of it, so that the last word that is told is the newest.
 */
export function createLiveStatus({ store, gateway, clock, telemetry }: Deps): LivePayments {
  const listeners = new Map<string, Set<Listener>>()
  /** Payments that are being read; true when one more reading is due afterwards. */
  const reading = new Map<string, boolean>()
  const stop = store.onChange((paymentId) => {
    if (listeners.size === 0) return
    if (reading.has(paymentId)) reading.set(paymentId, true)
    else void readAndTell(paymentId)
  })

  async function readAndTell(paymentId: string): Promise<void> {
    try {
      do {
        reading.set(paymentId, false)
        await tell(paymentId)
      } while (reading.get(paymentId))
    } catch (error) {
      // Open streams also ask for themselves from time to time: late news, not lost news.
      telemetry.log('warn', 'live-status-failed', { cause: error })
    } finally {
      reading.delete(paymentId)
    }
  }

  async function tell(paymentId: string): Promise<void> {
    const payment = await store.rows.payment(paymentId)
    const own = payment && listeners.get(payment.token)
    if (!own) return
    const attempt = payment.attempt_id === null ? undefined : await store.rows.attempt(payment.attempt_id)
    const status = paymentStatus(payment, attempt, gateway.environment, clock.now())
    for (const changed of [...own]) changed(status)
  }

  return {
    subscribe(token, changed) {
      const own = listeners.get(token) ?? new Set()
      listeners.set(token, own)
      own.add(changed)
      return () => {
        own.delete(changed)
        if (own.size === 0 && listeners.get(token) === own) listeners.delete(token)
      }
    },
    stop,
  }
}
