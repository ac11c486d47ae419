import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Outcome } from './faults/strike.ts'

const MAX_BODY_BYTES = 1_048_576

/** Runs `exchange` for requests of `node:http`, and does to the connection what a fault asks for. */
export function nodeListener(exchange: (request: Request) => Promise<Outcome>) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      const request = await requestOf(incoming, outgoing)
      if (request) await carryOut(await exchange(request), request.signal, outgoing)
      else outgoing.writeHead(413, { Connection: 'close' }).end()
    } catch {
      // The client left, or spoke no HTTP that a Request can hold.
      if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy()
      else outgoing.writeHead(400, { Connection: 'close' }).end()
    }
  }
}

/** The request with its whole body; undefined when that is too large. */
async function requestOf(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request | undefined> {
  const left = new AbortController()
  outgoing.once('close', () => left.abort(new Error('the client left')))
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MAX_BODY_BYTES) return undefined
  }
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] as string, incoming.rawHeaders[i + 1] as string)
  }
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks)
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`)
  return new Request(url, { method, headers, body, signal: left.signal })
}

async function carryOut({ response, breakage, delayMs }: Outcome, left: AbortSignal, outgoing: ServerResponse) {
  if (delayMs) await pause(delayMs, left)
  // A client that is kept hanging decides itself when to leave; stopping the simulator closes what is left.
  if (left.aborted || breakage?.kind === 'hang') return
  if (breakage?.kind === 'drop') {
    outgoing.destroy()
    return
  }
  const headers = [...response.headers].flat()
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    outgoing.writeHead(response.status, headers)
    outgoing.flushHeaders()
    await stream(response, left, outgoing)
    return
  }
  const body = Buffer.from(await response.arrayBuffer())
  if (!response.headers.has('content-length')) headers.push('Content-Length', String(body.length))
  outgoing.writeHead(response.status, headers)
  if (breakage?.kind !== 'cut') {
    outgoing.end(body)
    return
  }
  outgoing.flushHeaders()
  outgoing.write(body.subarray(0, breakage.at), () => outgoing.destroy())
}

/** Passes a live stream on until it ends or the client leaves. */
async function stream(response: Response, left: AbortSignal, outgoing: ServerResponse): Promise<void> {
  const reader = response.body?.getReader()
  left.addEventListener('abort', () => void reader?.cancel(), { once: true })
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) outgoing.write(part.value)
  outgoing.end()
}

function pause(ms: number, left: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    left.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
