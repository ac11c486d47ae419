import type { PaymentStatus } from '../../contract/schemas.ts'
import { ProblemError } from '../problem-error.ts'
import { clientKey } from './client-address.ts'
import { STATUS_MS, withDeadline } from './deadline.ts'
import type { LiveStatus } from './deps.ts'
import { type EventStream, eventStream } from './event-stream.ts'
import { type Kit, type Route, stopping, type Visit } from './route.ts'
import { eventsAddress, tokenOf } from './status-route.ts'
import { createStreamLimits } from './stream-limits.ts'

/**
 * `X-Accel-Buffering`: nginx would keep the events to itself until its buffer is full. `no-transform`: so would whatever
 * compresses answers, such as Express' `compression()`.
 */
const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
}

/** `GET {order-endpoint}/{token}/events`: the status as it changes. `close` ends every open stream and takes no new one until `open`. */
export function eventsRoute(kit: Kit): Route & { close(): void; open(): void } {
  const { payments, clock, limits, events } = kit
  const places = createStreamLimits()
  const streams = new Set<EventStream>()
  let isClosed = false

  async function answer({ request, info, param }: Visit): Promise<Response> {
    if (!events) throw new ProblemError('not-found')
    refuseWhenClosed()
    const client = clientKey(info)
    await limits.read(client)
    const token = tokenOf(param('token'))
    // Listening begins before the status is read, or a change between the two would be told to nobody.
    const news = listen(events, token)
    try {
      const status = await statusOf(token)
      if (!status) throw new ProblemError('not-found')
      refuseWhenClosed()
      if (request.method === 'HEAD') {
        news.stop()
        return new Response(null, { headers: HEADERS })
      }
      return new Response(begin(request, token, status, news, places.take(client, token)).body, { headers: HEADERS })
    } catch (error) {
      news.stop()
      throw error
    }
  }

  function refuseWhenClosed(): void {
    if (isClosed) throw stopping()
  }

  function begin(request: Request, token: string, first: PaymentStatus, news: News, release: () => void): EventStream {
    const stream: EventStream = eventStream({
      first,
      lastId: lastEventId(request.headers),
      clock,
      read: () => statusOf(token),
      subscribe(changed) {
        news.hand((status) => changed(withAddress(token, status)))
        return news.stop
      },
      ended() {
        release()
        streams.delete(stream)
      },
    })
    streams.add(stream)
    request.signal.addEventListener('abort', () => stream.close(), { once: true })
    return stream
  }

  const withAddress = (token: string, status: PaymentStatus) => ({ ...status, events: eventsAddress(kit, token) })

  async function statusOf(token: string) {
    const status = await withDeadline(clock, STATUS_MS, payments.status(token))
    return status && withAddress(token, status)
  }

  return {
    name: 'events',
    path: '/:token/events',
    methods: ['GET', 'HEAD', 'OPTIONS'],
    callers: 'own-pages',
    answer,
    close() {
      isClosed = true
      for (const stream of [...streams]) stream.close()
    },
    open() {
      isClosed = false
    },
  }
}

/** A subscription whose news wait until somebody takes them. */
interface News {
  hand(changed: (status: PaymentStatus) => void): void
  stop(): void
}

function listen(events: LiveStatus, token: string): News {
  let early: PaymentStatus | undefined
  let tell = (status: PaymentStatus) => {
    early = status
  }
  const stop = events.subscribe(token, (status) => tell(status))
  return {
    hand(changed) {
      tell = changed
      if (early) changed(early)
    },
    stop,
  }
}

/** Ours are small whole numbers; anything else begins at the beginning. */
function lastEventId(headers: Headers): number {
  const text = headers.get('last-event-id') ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : 0
}
