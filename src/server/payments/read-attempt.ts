import type { GatewayReading } from '../gateways/port.ts'
import type { AttemptRow } from '../store/port.ts'
import { withDeadline } from './deadline.ts'
import type { Deps } from './deps.ts'
import { openAttempt } from './open-attempt.ts'
import { claimAgain, isLost } from './opening-claim.ts'
import { isUnheardPastEnd } from './schedule.ts'
import { type Cause, knownOf, settleAttempt } from './settle-attempt.ts'
import { judge } from './transition.ts'

/** The gateway's answer to a status question has to be there within this time. */
const READ_DEADLINE_MS = 4_000

/** Asks the gateway about attempts, and settles what it says. */
export interface AttemptReader {
  /**
   * Asks unless a question that is not older than `maxAgeMs` was asked already: the one that is under way is waited for,
   * which crowds share. With `maxAgeMs` 0 the question begins after this call, so that a buyer who has just paid is seen.
   * Never throws for the gateway's faults.
   */
  read(attempt: AttemptRow, cause: Cause, maxAgeMs: number): Promise<GatewayReading | undefined>
  /** Whether the gateway is being asked about it at this moment. */
  isAsking(attempt: AttemptRow): boolean
}

interface Running {
  readonly current: Promise<GatewayReading>
  /** The one question that starts when the current one has ended, shared by all who came meanwhile. */
  next?: Promise<GatewayReading>
}

/** Causes that come in crowds. The others also set when to ask next, and are written whatever the answer. */
const isVisit = (cause: Cause) => cause === 'status' || cause === 'open' || cause === 'return'

/** Whether an answer leaves an attempt as it is, so that a crowd's question costs no transaction. */
function saysNothingNew(attempt: AttemptRow, reading: GatewayReading, askedAt: number, now: number): boolean {
  const verdict = judge(knownOf(attempt, now), reading, askedAt)
  if (verdict.flag || (verdict.kind === 'keep' && verdict.note)) return false
  if (reading.kind !== 'payment') return verdict.kind === 'keep'
  // The first answer after the end is news, also when it is that nothing has changed: it keeps the link.
  if (isUnheardPastEnd(attempt, askedAt)) return false
  const isSame = verdict.kind === 'move' && verdict.to === 'created' && attempt.state === 'created'
  return isSame && !reading.refunded && !reading.captured && !reading.disputed && !reading.release
}

/** How many attempts' last questions are remembered; beyond that the oldest are forgotten, which costs one read each. */
const REMEMBERED = 20_000

export function createAttemptReader(deps: Deps): AttemptReader {
  const running = new Map<string, Running>()
  /** When each attempt was last asked about, answered or not: a silent gateway is not asked more often than others. */
  const asked = new Map<string, number>()

  async function ask(attempt: AttemptRow, cause: Cause): Promise<GatewayReading> {
    deps.reached('before-settle')
    const askedAt = deps.clock.now()
    asked.delete(attempt.id)
    asked.set(attempt.id, askedAt)
    for (const [oldest] of asked) {
      if (asked.size <= REMEMBERED) break
      asked.delete(oldest)
    }
    // The gateway in use knows nothing of another one's orders: its "no such order" would be a wrong answer.
    if (attempt.gateway !== deps.gateway.name) return silent(attempt, askedAt, cause, `opened at ${attempt.gateway}`)
    if (deps.gateway.repeatsOpen && isLost(attempt)) return recover(attempt, askedAt, cause)
    const started = performance.now()
    const reading = await withDeadline(deps.clock, READ_DEADLINE_MS, (signal) =>
      deps.gateway.read(
        {
          reference: attempt.reference,
          orderId: attempt.order_id,
          amount: { minor: attempt.amount, currency: attempt.currency },
        },
        { signal },
      ),
    )
    deps.telemetry.observe('ipay_gateway_seconds', (performance.now() - started) / 1_000, {
      operation: 'read',
      outcome: reading.kind,
    })
    deps.reached('after-settle-read')
    if (isVisit(cause) && saysNothingNew(attempt, reading, askedAt, deps.clock.now())) return reading
    await settleAttempt(deps, attempt.id, reading, askedAt, cause)
    return reading
  }

  /**
   * The answer to the open request was lost, and the gateway knows no order by our reference: the same question again
   * gives the same order, which is then asked about by its id.
   */
  async function recover(attempt: AttemptRow, askedAt: number, cause: Cause): Promise<GatewayReading> {
    const claim = await deps.store.transaction((rows) => claimAgain(rows, attempt, deps.clock.now()))
    if (claim) await openAttempt(deps, claim, attempt, true)
    const now = await deps.store.rows.attempt(attempt.id)
    if (now && !isLost(now)) return ask(now, cause)
    return silent(attempt, askedAt, cause, 'nobody knows yet whether there is an order')
  }

  /** Nobody can be asked, which is written down like a gateway that does not answer. */
  async function silent(attempt: AttemptRow, askedAt: number, cause: Cause, detail: string): Promise<GatewayReading> {
    const reading = { kind: 'unreachable', detail } as const
    await settleAttempt(deps, attempt.id, reading, askedAt, cause)
    return reading
  }

  function start(attempt: AttemptRow, cause: Cause): Promise<GatewayReading> {
    const current = ask(attempt, cause).finally(() => {
      if (running.get(attempt.id)?.current === current) running.delete(attempt.id)
    })
    running.set(attempt.id, { current })
    return current
  }

  /** An instant that is still to come says nothing: the clock was set back since, or another instance's is ahead. */
  function isFresh(attempt: AttemptRow, maxAgeMs: number): boolean {
    const now = deps.clock.now()
    return [attempt.read_at, asked.get(attempt.id) ?? 0].some((at) => at <= now && now - at < maxAgeMs)
  }

  return {
    isAsking: (attempt) => running.has(attempt.id),
    async read(attempt, cause, maxAgeMs) {
      const other = running.get(attempt.id)
      // One that is under way for longer is too old: its answer may be from before what the caller wants to know of.
      if (maxAgeMs > 0 && isFresh(attempt, maxAgeMs)) return other?.current
      if (!other) return start(attempt, cause)
      other.next ??= other.current.then(
        () => start(attempt, cause),
        () => start(attempt, cause),
      )
      return other.next
    },
  }
}
