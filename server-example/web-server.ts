import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Bindings } from './app.ts'

/** Answers one request. */
export type Answer = (request: Request, bindings: Bindings) => Response | Promise<Response>

/** A server that listens. */
export interface WebServer {
  readonly port: number
  /** From now on requests are answered by this; until then they are told to come again. */
  serve(answer: Answer): void
  /** Takes no new connection, lets answers that are under way finish, and cuts what is left after `patienceMs`. */
  close(patienceMs: number): Promise<void>
}

/**
 * How long a client may take, in milliseconds: Node's own defaults for a request (60 s and 300 s) leave the door open to clients that
 * hold thousands of connections with a byte now and then.
 */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  // Longer than the 60 s of most proxies: whoever closes first must not be the one that an order is on its way to.
  keepAliveTimeout: 65_000,
}
/** Nothing read or written for this long; longer than any answer of ours takes. */
const IDLE_MS = 20_000

const STARTING = {
  status: 503,
  headers: { 'Retry-After': '1', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' },
}

/**
 * Takes the port before anything else is opened, so that a busy one is the first thing said.
 * @throws Error with a sentence for the operator.
 */
export async function listen(port: number, host: string): Promise<WebServer> {
  let answer: Answer = () => new Response('starting\n', STARTING)
  // What Hono hands over as bindings is what `Bindings` describes: the incoming message with its socket.
  const listener = getRequestListener((request, env) => answer(request, env as Bindings), {
    overrideGlobalObjects: false,
  })
  const server = createServer(LIMITS, listener)
  server.timeout = IDLE_MS
  server.listen(port, host)
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(inWords(error, port, host))),
  ]).catch((error: unknown) =>
    Promise.reject(error instanceof Error && 'code' in error ? inWords(error, port, host) : error),
  )
  return {
    port: (server.address() as AddressInfo).port,
    serve(next) {
      answer = next
    },
    close: (patienceMs) => close(server, patienceMs),
  }
}

function inWords(error: unknown, port: number, host: string): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new Error(`Port ${port} on ${host} is in use: set PORT to another one, or end the program that uses it.`)
  if (code === 'EACCES') return new Error(`Port ${port} may not be opened by this user: set PORT to one above 1023.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Error(`HOST ${host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all.`)
  return new Error(`The shop cannot listen on ${host}, port ${port} (${code ?? 'unknown cause'}): check HOST and PORT.`)
}

async function close(server: Server, patienceMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection becomes idle when its last answer has gone out; it must not keep the process until it is used again.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const end = setTimeout(() => server.closeAllConnections(), patienceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(end)
}
