import type { DeliveryRow } from '../store/port.ts'
import { deliver, HANDLER_DEADLINE_MS } from './deliver-one.ts'
import type { Deps } from './deps.ts'
import { createWorker, type Worker } from './worker.ts'

const TICK_MS = 1_000
const LEASE_MS = HANDLER_DEADLINE_MS + 15_000
/** Paid handlers that run at the same time. */
const SLOTS = 32
/** Of these, how many may run again what failed before: however much of it there is, new payments find a place. */
const RETRY_SLOTS = 16
/** So long a stop lets running handlers end by themselves, before it aborts their signals. */
const STOP_GRACE_MS = 4_000

/** Calls the shop's paid handler for every paid payment until it worked: at least once, the payment's id being the key. */
export function createDeliverer(deps: Deps): Worker {
  const underWay = new Map<AbortController, { readonly isRetry: boolean; readonly ended: Promise<void> }>()
  /** The last round found as much as it had places for. */
  let isMoreDue = false

  /** Takes what is due into the free places. It waits for no handler: one that hangs holds up its own place alone. */
  async function round(): Promise<boolean> {
    const now = deps.clock.now()
    const limit = SLOTS - underWay.size
    const retries = Math.min(limit, RETRY_SLOTS - [...underWay.values()].filter(({ isRetry }) => isRetry).length)
    const due = limit
      ? await deps.store.transaction((rows) =>
          rows.claimDueDeliveries({ owner: deps.instance, now, until: now + LEASE_MS, limit, retries }),
        )
      : []
    isMoreDue = due.length === limit || due.filter(isRetry).length === retries
    for (const delivery of due) begin(delivery)
    return false
  }
  function begin(delivery: DeliveryRow): void {
    const call = new AbortController()
    const ended = deliver(deps, delivery, call)
      .then(
        () => true,
        (error: unknown) => report(error),
      )
      .then((hasEnded) => {
        underWay.delete(call)
        // One that could not even be written down means that something is down: the next tick is soon enough.
        if (hasEnded && isMoreDue) worker.wake()
      })
    underWay.set(call, { isRetry: isRetry(delivery), ended })
  }
  const report = (error: unknown) => deps.telemetry.log('error', 'delivery-round-failed', { error: String(error) })
  const worker = createWorker(deps.clock, TICK_MS, round, report)
  return {
    ...worker,
    async stop() {
      await worker.stop()
      const cancel = deps.clock.after(STOP_GRACE_MS, () => {
        for (const call of underWay.keys()) call.abort(new DOMException('The shop stops', 'AbortError'))
      })
      await Promise.all([...underWay.values()].map(({ ended }) => ended))
      cancel()
    },
  }
}

const isRetry = ({ tries }: DeliveryRow) => tries > 0
