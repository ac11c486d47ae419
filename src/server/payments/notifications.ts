import type { GatewayEvent, WithNotifications } from '../gateways/port.ts'
import { ProblemError } from '../problem-error.ts'
import type { AttemptRow, Rows } from '../store/port.ts'
import type { Deps } from './deps.ts'
import { namesOrder, notifiedAttempt } from './notified-attempt.ts'
import type { AttemptReader } from './read-attempt.ts'
import { ASK_LATER_MS } from './schedule.ts'
import { storable } from './storable.ts'

/** Questions to the gateway that notifications may cause at the same time; beyond that the reconciler asks. */
const ASKING_AT_ONCE = 32
/** The sender of a notification that came before its order is known is asked to come again after this. */
const COME_AGAIN_SECONDS = 5

/** Takes the gateway's notifications. */
export interface Notifications {
  /**
   * Stores one event, as parsed JSON whose signature was checked. When this resolves the event is on disk, together with
   * the time at which the gateway will be asked: nothing is lost by a crash, and the sender may be answered with 200.
   * @throws ProblemError `invalid-request` for what has no event's shape, `unavailable` for an order that is not known
   * (yet), so that it comes again
   */
  store(event: unknown): Promise<void>
  /** Resolves when no question of a notification is on its way. */
  idle(): Promise<void>
}

/**
 * A notification is only a reason to ask for the status: nothing that it says is believed, so its order of arrival does
 * not count, and one that lies does no harm. Each is taken once, for ever, by its gateway's id.
 */
export function createNotifications(
  deps: Deps,
  reader: AttemptReader,
  { read }: Pick<WithNotifications['notifications'], 'read'>,
): Notifications {
  const asking = new Set<Promise<unknown>>()

  function ask(attempt: AttemptRow): void {
    if (asking.size >= ASKING_AT_ONCE) return
    const question: Promise<unknown> = reader
      .read(attempt, 'notification', 0)
      .catch((error) => deps.telemetry.log('error', 'notification-read-failed', { error: String(error) }))
      .finally(() => asking.delete(question))
    asking.add(question)
  }

  return {
    async store(body) {
      const event = read(body)
      if (!event) throw new ProblemError('invalid-request', 'the notification has no event of this gateway in it')
      const kept = {
        ...event,
        id: storable(event.id),
        type: storable(event.type),
        reference: event.reference === null ? null : storable(event.reference),
        notifiedAs: typeof event.notifiedAs === 'string' ? storable(event.notifiedAs) : null,
      }
      const { attempt, isNew } = await deps.store.transaction((rows) => record(deps, rows, kept))
      const outcome = !isNew ? 'repeated' : event.known ? 'stored' : 'unknown-type'
      deps.telemetry.count('ipay_notifications_total', { outcome })
      if (isNew && !event.known) {
        deps.telemetry.log('warn', 'notification-of-unknown-type', { gateway: deps.gateway.name, type: event.type })
      }
      if (isNew && attempt) ask(attempt)
    },
    async idle() {
      await Promise.all(asking)
    },
  }
}

/**
 * Writes the event, when its order is asked about, and that there is news until an answer tells it: the sender does not come
 * again. An event that was written before changes nothing.
 */
async function record(deps: Deps, rows: Rows, event: GatewayEvent) {
  const now = deps.clock.now()
  const gateway = deps.gateway.name
  const found = await notifiedAttempt(rows, gateway, event)
  // Under the payment's lock, so that an answer that is being written down at this moment cannot undo the new time.
  const attempt = found && (await rows.lockPayment(found.payment_id)) && (await rows.attempt(found.id))
  if (event.known && namesOrder(event) && !attempt) {
    throw new ProblemError('unavailable', 'No such order yet; send it again', { retryAfter: COME_AGAIN_SECONDS })
  }
  const isNew = await rows.insertNotification({
    id: `${gateway}:${event.id}`,
    gateway,
    type: event.type,
    reference: event.reference ?? attempt?.reference ?? null,
    received_at: now,
  })
  if (!isNew || !attempt || !event.known) return { isNew, attempt: undefined }
  const later = now + ASK_LATER_MS
  // Whoever has leased it is asking already, perhaps from before this news.
  const planned = attempt.lease_until > now ? null : attempt.next_check_at
  const due = planned === null ? later : Math.min(planned, later)
  await rows.updateAttempt(attempt.id, { next_check_at: due, news_at: now })
  await rows.audit({
    payment_id: attempt.payment_id,
    attempt_id: attempt.id,
    at: now,
    cause: 'notification',
    event: `notified: ${event.type}`,
    detail: event.id,
  })
  return { isNew, attempt }
}
