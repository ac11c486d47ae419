import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What arrived, with its body read. */
export interface Arrived {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface RawServer {
  /** Base address of the gateway, without a trailing slash. */
  readonly base: string
  readonly arrived: Arrived[]
  /** Decides the answer to every request from now on. */
  answer: (request: Arrived, response: ServerResponse) => void
  close(): Promise<void>
}

/** An HTTP server on loopback that answers exactly what a test writes, down to the socket. */
export async function rawServer(): Promise<RawServer> {
  const arrived: Arrived[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body: Buffer.concat(chunks).toString() }
    arrived.push(one)
    raw.answer(one, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const raw: RawServer = {
    base: `http://127.0.0.1:${port}/api/pg`,
    arrived,
    answer: (_request, response) => response.end(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return raw
}

/** An answer with this status and JSON body. */
export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  (_request: Arrived, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
