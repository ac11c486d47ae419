import type { PaymentStatus } from '../../contract/schemas.ts'
import type { Clock } from '../clock.ts'

/** A comment at least this often keeps proxies and idle limits from cutting a quiet stream. */
const BEAT_MS = 15_000
/** A client that took nothing for this many beats is gone, whatever its connection says. */
const STALLED_BEATS = 2
/** Then the stream ends and the page comes again with its last id: no connection outlives a deployment for long. */
const LIFE_MS = 10 * 60_000
const RETRY_MS = 3_000
const MIN_READ_MS = 2_000

export interface EventStreamOptions {
  readonly first: PaymentStatus
  /** The id that the page saw last, 0 for a new one; the first event is one more. */
  readonly lastId: number
  readonly clock: Clock
  /** The status as it is now, asked for when `pollAfter` says so. */
  read(): Promise<PaymentStatus | undefined>
  subscribe(changed: (status: PaymentStatus) => void): () => void
  /** Called once when the stream is over for any reason. */
  ended(): void
}

export interface EventStream {
  readonly body: ReadableStream<Uint8Array>
  close(): void
}

/**
 * One page's live status as server-sent events. Every event is the whole status, so a slow client misses nothing when
 * only the newest one waits for it, and a page that comes again needs no history. Changes are told by `subscribe` and
 * found by `read`; what did not change is not sent.
 */
export function eventStream({ first, lastId, clock, read, subscribe, ended }: EventStreamOptions): EventStream {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array>
  let id = lastId
  let newest = first
  let waiting: PaymentStatus | null = first
  let told = 0
  let stalled = 0
  let isOver = false
  const cancels = new Map<string, () => void>()

  const body = new ReadableStream<Uint8Array>(
    {
      start(its) {
        controller = its
        controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`))
        const unsubscribe = subscribe((status) => {
          told += 1
          offer(status)
        })
        cancels.set('subscription', unsubscribe)
        later('beat', BEAT_MS, beat)
        later('life', LIFE_MS, close)
        readLater()
      },
      pull: flush,
      cancel: finish,
    },
    { highWaterMark: 2 },
  )
  return { body, close }

  function offer(status: PaymentStatus): void {
    // Paid is final: whatever was under way when it became so is older.
    const isOlder = newest.state === 'paid' && status.state !== 'paid'
    if (!isOver && !isOlder && essenceOf(status) !== essenceOf(newest)) {
      newest = status
      waiting = status
      flush()
    }
    readLater()
  }

  function flush(): void {
    if (isOver || !waiting || (controller.desiredSize ?? 0) <= 0) return
    id += 1
    const text = `id: ${id}\nevent: status\ndata: ${JSON.stringify(waiting)}\n\n`
    waiting = null
    controller.enqueue(encoder.encode(text))
  }

  function beat(): void {
    if ((controller.desiredSize ?? 0) > 0) {
      stalled = 0
      controller.enqueue(encoder.encode(':\n\n'))
    } else {
      stalled += 1
      if (stalled >= STALLED_BEATS) close()
    }
    later('beat', BEAT_MS, beat)
  }

  function readLater(): void {
    if (newest.pollAfter === null) return
    later('read', Math.min(BEAT_MS, Math.max(MIN_READ_MS, newest.pollAfter * 1_000)), readNow)
  }

  async function readNow(): Promise<void> {
    const before = told
    const status = await read().catch(() => newest)
    // Told of a change meanwhile: what was read may be older than that.
    if (status && told === before) offer(status)
    else readLater()
  }

  function later(name: string, ms: number, task: () => void): void {
    if (isOver) return
    cancels.get(name)?.()
    cancels.set(name, clock.after(ms, task))
  }

  function close(): void {
    if (isOver) return
    finish()
    controller.close()
  }

  function finish(): void {
    if (isOver) return
    isOver = true
    for (const cancel of cancels.values()) cancel()
    ended()
  }
}

/** What makes two statuses different news: everything but the hour of asking. */
const essenceOf = ({ serverTime: _serverTime, pollAfter: _pollAfter, ...rest }: PaymentStatus): string =>
  JSON.stringify(rest)
