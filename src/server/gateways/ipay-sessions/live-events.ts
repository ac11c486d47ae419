import type { WithHints } from '../port.ts'
import { readEvent } from './events.ts'
import { serverSentEvents } from './sse.ts'

/**
 * Without a sign of life for this long (the gateway sends a comment every 15 s) the connection counts as dead: a network
 * that swallowed it would never say so.
 */
const SILENCE_MS = 45_000

/** The gateway's events over one open connection, resumed after the last one that was heard. */
export function createLiveEvents(url: string, authorization: () => string): WithHints['hints'] {
  return {
    async listen({ signal, lastEventId, heard }) {
      const ended = new AbortController()
      let silence: NodeJS.Timeout | undefined
      const stillThere = () => {
        clearTimeout(silence)
        silence = setTimeout(() => ended.abort(), SILENCE_MS)
        silence.unref()
      }
      try {
        stillThere()
        const response = await fetch(url, {
          redirect: 'manual',
          signal: AbortSignal.any([signal, ended.signal]),
          headers: {
            accept: 'text/event-stream',
            authorization: authorization(),
            ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
          },
        })
        const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
        if (!response.ok || !isStream || !response.body) {
          await response.body?.cancel()
          return
        }
        for await (const { id, data } of serverSentEvents(watched(response.body, stillThere))) {
          const { reference = null, notifiedAs = null } = readEvent(parsed(data)) ?? {}
          heard({ id, reference, notifiedAs })
        }
      } catch {
        // However the connection ended: what it would have told is found by asking.
      } finally {
        clearTimeout(silence)
        ended.abort()
      }
    },
  }
}

async function* watched(body: AsyncIterable<Uint8Array>, alive: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    alive()
    yield chunk
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
