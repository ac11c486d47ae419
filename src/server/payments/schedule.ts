import type { AttemptRow, AttemptState } from '../store/port.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** After this long without a final answer an attempt is unresolved, and nobody asks by itself any more. */
export const WATCH_MS = 24 * HOUR
/** How long after its opening an attempt without a named end counts as payable. */
const ASSUMED_LIFE_MS = 15 * MINUTE

/** What the schedule depends on. */
export interface Watched {
  readonly state: AttemptState
  readonly createdAt: number
  readonly expiresAt: number | null
  /** Paid, and its parcel is still on the way. */
  readonly followed?: boolean
  /** The last question was not answered: when the last one that was, was asked (its opening, when none was). */
  readonly silentSince?: number
}

/** A single fault of the network must not cost a paid buyer a whole pause: soon again, unless the silence lasts. */
const SOON_AGAIN_MS = 10 * SECOND
const BRIEF_SILENCE_MS = 100 * SECOND

/**
 * Nobody has asked for longer than any pause of ours: the shop was down, or its clock was set forward. The first question
 * after that gives no attempt up; a gateway that has no answer either is asked once more after this pause.
 */
export const wasAway = (touchedAt: number, now: number): boolean => now - touchedAt > 6 * HOUR
export const AFTER_ABSENCE_MS = 15 * MINUTE

/** An instant that lies further ahead than clocks of instances differ was written before the clock was set back. */
export const isFromAnotherClock = (at: number, now: number): boolean => at > now + MINUTE

/** When a notification's order is asked about, should the process that took it not live to do it at once. */
export const ASK_LATER_MS = 6 * SECOND
/** Whether a notification that came after a question was asked has planned the next one: an older answer must not undo that. */
export const isPlannedSince = (plannedAt: number | null, askedAt: number, now: number): plannedAt is number =>
  plannedAt !== null && plannedAt > askedAt + ASK_LATER_MS && plannedAt <= now + ASK_LATER_MS

/** News that no answer tells is asked for so long. */
const NEWS_MS = 24 * HOUR

/**
 * When to ask again for news that no answer has told since `newsAt`, whatever else the schedule says: soon at first, then with
 * growing pauses up to 2 h, for 24 h. Null when it is given up, and where there is no news.
 */
export function nextNewsCheckAt(newsAt: number | null, now: number): number | null {
  if (newsAt === null || now >= newsAt + NEWS_MS) return null
  const pause = Math.min(2 * HOUR, Math.max(SOON_AGAIN_MS, (now - newsAt) / 2))
  return Math.min(newsAt + NEWS_MS, wholeMs(now + pause))
}

/** Whether the gateway was not heard since the end that we know of: nobody can say that the order is still payable. */
export const isUnheardPastEnd = ({ expires_at, read_at }: Pick<AttemptRow, 'expires_at' | 'read_at'>, at: number) =>
  expires_at !== null && at >= expires_at && read_at < expires_at

/** A parcel is asked about for so long after its order was opened. */
const FOLLOW_MS = 45 * 24 * HOUR

/** When nobody asks by itself any more: a day after the opening, or after the end of an order that lives for days. */
export function watchEnd({ createdAt, expiresAt, followed }: Omit<Watched, 'state'>): number {
  if (followed) return createdAt + FOLLOW_MS
  const life = (expiresAt ?? createdAt) - createdAt
  return createdAt + WATCH_MS + (life > HOUR ? life : 0)
}

/**
 * When to ask about an attempt again, or null when there is nothing left to find out. While it is payable: soon at
 * first, then at least every 50 s, so that a paid order is known within a minute whatever else gets lost. After its
 * end: with growing pauses up to 2 h, for 24 h, because a gateway may still report a late success.
 */
export function nextCheckAt(watched: Watched, now: number): number | null {
  const { state, createdAt, expiresAt, followed, silentSince } = watched
  if ((state === 'paid' && !followed) || state === 'refused') return null
  const end = watchEnd(watched)
  if (now >= end) return null
  const payableUntil = expiresAt ?? createdAt + ASSUMED_LIFE_MS
  // What is unresolved may be paid at any moment: it is asked about as if it were open.
  const open = OPEN.includes(state)
  if (open && now < payableUntil) {
    // An order that is payable for days is asked about less often after its first hour.
    const longest = Math.max(50 * SECOND, (now - createdAt - HOUR) / 100)
    const isBrief = silentSince !== undefined && now - silentSince < BRIEF_SILENCE_MS
    const pause = Math.min(isBrief ? SOON_AGAIN_MS : longest, Math.max(5 * SECOND, (now - createdAt) / 2))
    // The moment of expiry is asked about as such: the buyer who waits learns it at once.
    return now + pause > payableUntil ? payableUntil + SECOND : wholeMs(now + pause)
  }
  const since = now - (open ? payableUntil : createdAt)
  const pause = Math.min(2 * HOUR, Math.max(20 * SECOND, since / 2))
  return Math.min(end, wholeMs(now + pause))
}

/** Instants are whole milliseconds: PostgreSQL refuses half ones. */
const wholeMs = Math.floor

const OPEN: readonly AttemptState[] = ['opening', 'created', 'processing', 'unresolved']

/** Pause before the paid handler is called again: 1 s, 2 s, 4 s, … at most 10 minutes. `tries` counts failures so far. */
export const deliveryPauseMs = (tries: number): number => Math.min(10 * MINUTE, SECOND * 2 ** (tries - 1))

/** Seconds until a reader should ask for the status again; null when asking is over. */
export function pollAfterSeconds(state: string, waitingForMs: number): number | null {
  if (state === 'created' || state === 'processing') return waitingForMs < MINUTE ? 2 : 5
  return state === 'unresolved' ? 30 : null
}
