import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Which way bytes go: `up` from the client to the server, `down` back. */
export type Direction = 'up' | 'down'

/** One planned accident. It strikes an exchange, which is one request and its reply on a connection. */
export interface Cut {
  readonly direction: Direction
  /** How many bytes of that direction pass in the exchange before the accident; 0 is before the first. */
  readonly at: number
  /** `close` ends the client's connection; `stall` keeps it open and sends nothing any more. */
  readonly do: 'close' | 'stall'
  /** For `up`: does the server see the bytes before the cut, and may it work on them? Default true. */
  readonly seen?: boolean
  /** Only the k-th exchange of a connection; 2 strikes the first reuse of a kept-alive socket. Default any. */
  readonly exchange?: number
  /** Only exchanges that are not the first on their connection. */
  readonly reused?: boolean
  /** Only requests whose first line holds this text, such as `POST /ipay/orders`. */
  readonly request?: string
  /** How often it strikes. Default 1. */
  readonly times?: number
}

/** A TCP proxy between a client and a server that cuts where it is told. */
export interface CuttingProxy {
  readonly port: number
  /** `http://localhost:<port>`, without a slash at its end. */
  readonly url: string
  /** First lines of all requests, such as `POST /ipay/orders HTTP/1.1`, in the order of arrival. */
  readonly requests: readonly string[]
  readonly connections: number
  /** How many cuts struck so far. */
  readonly struck: number
  /** Milliseconds that each chunk waits, in both directions. */
  latencyMs: number
  cut(cut: Cut): void
  /** Forgets the cuts that have not struck. */
  mend(): void
  /** Closes every open connection now. */
  drop(): void
  stop(): Promise<void>
}

/** Starts the proxy on a free port of 127.0.0.1. The target may listen later: its port is read at each connection. */
export async function startProxy(target: { readonly port: number }): Promise<CuttingProxy> {
  const planned: { cut: Cut; left: number }[] = []
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let struck = 0

  function plan(exchange: number, line: string): Cut | undefined {
    const found = planned.find(
      ({ cut, left }) =>
        left > 0 &&
        (cut.exchange === undefined || cut.exchange === exchange) &&
        (!cut.reused || exchange > 1) &&
        (cut.request === undefined || line.includes(cut.request)),
    )
    if (found) found.left -= 1
    return found?.cut
  }

  function track(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A reset is an accident like any other here; the close that follows is what counts.
    socket.on('error', () => undefined)
    socket.setNoDelay()
    return socket
  }

  const server = createServer((client) => {
    connections += 1
    const upstream = connect(target.port, '127.0.0.1')
    track(client)
    track(upstream)
    let exchange = 0
    let replying = true
    let cut: Cut | undefined
    let dead = false
    const passed = { up: 0, down: 0 }

    function strike(direction: Direction, to: Socket, head: Buffer): void {
      struck += 1
      dead = true
      const served = direction === 'down' || cut?.seen !== false
      if (served && head.length > 0) to.write(head)
      if (cut?.do === 'stall') return
      if (direction === 'down' && head.length > 0) client.end()
      else client.destroy()
      // A server that saw the request may finish its work and talk to nobody.
      if (!served) upstream.destroy()
    }

    function pass(direction: Direction, to: Socket, chunk: Buffer): void {
      if (dead) return
      const before = passed[direction]
      passed[direction] += chunk.length
      if (cut?.direction === direction && passed[direction] > cut.at) {
        strike(direction, to, chunk.subarray(0, Math.max(0, cut.at - before)))
      } else if (proxy.latencyMs > 0) {
        setTimeout(() => to.write(chunk), proxy.latencyMs)
      } else {
        to.write(chunk)
      }
    }

    client.on('data', (chunk) => {
      if (replying) {
        replying = false
        exchange += 1
        passed.up = 0
        passed.down = 0
        const line = chunk.subarray(0, 2048).toString('latin1').split('\r\n', 1)[0] ?? ''
        requests.push(line)
        cut = plan(exchange, line)
      }
      pass('up', upstream, chunk)
    })
    upstream.on('data', (chunk) => {
      replying = true
      pass('down', client, chunk)
    })
    client.on('close', () => {
      if (!dead) upstream.destroy()
    })
    upstream.on('close', () => {
      // What waits for its latency goes out first.
      if (!dead) setTimeout(() => client.end(), proxy.latencyMs)
    })
  })

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')

  const proxy: CuttingProxy = {
    port: address.port,
    url: `http://localhost:${address.port}`,
    requests,
    get connections() {
      return connections
    },
    get struck() {
      return struck
    },
    latencyMs: 0,
    cut: (cut) => {
      planned.push({ cut, left: cut.times ?? 1 })
    },
    mend() {
      planned.length = 0
    },
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    async stop() {
      server.close()
      this.drop()
      await once(server, 'close')
    },
  }
  return proxy
}
