import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSandbox, type SandboxOptions } from './create-sandbox.ts'
import type { Outcome } from './faults/strike.ts'
import { nodeListener } from './node-listener.ts'
import { ownMembers } from './own-members.ts'

export interface StartOptions extends SandboxOptions {
  /** 0 lets the system choose. */
  readonly port: number
  /** Address to listen on. Left out: loopback only. */
  readonly host?: string
}

/** A simulator that listens. */
export interface RunningSandbox {
  /** Its origin, such as `http://127.0.0.1:3001`. */
  readonly url: string
  readonly port: number
  /** Closes every connection, hanging ones too, and frees the port. */
  stop(): Promise<void>
}

/**
 * Real gateways stand behind proxies that hold an idle connection for about a minute. With Node's own five seconds a buyer
 * on the way to the payment page could meet one that is just closing.
 */
const LIMITS = { keepAliveTimeout: 65_000 }

const ANY_ADDRESS: readonly string[] = ['0.0.0.0', '::']

/**
 * Starts the simulators on an origin of their own.
 * @throws Error with `code` and a sentence that says what to change: `EADDRINUSE` for a busy port, `EACCES` and others.
 */
export async function startSandbox(given: StartOptions): Promise<RunningSandbox> {
  const { port, host = '127.0.0.1', publicUrl, ...options } = ownMembers(given)
  // The origin is known only once it listens; nobody can ask before that.
  let exchange: (request: Request) => Promise<Outcome> = () => Promise.reject(new Error('not ready'))
  const listener = nodeListener((request) => exchange(request))
  const server = createServer(LIMITS, (incoming, outgoing) => void listener(incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(inWords(error, host, port)))
    server.listen(port, host, resolve)
  })
  const { port: chosen } = server.address() as AddressInfo
  const name = ANY_ADDRESS.includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  const url = `http://${name}:${chosen}`
  let endDeliveries = () => {}
  const stop = () =>
    new Promise<void>((resolve) => {
      endDeliveries()
      server.close(() => resolve())
      server.closeAllConnections()
    })
  try {
    const sandbox = createSandbox({ ...options, publicUrl: publicUrl ?? url })
    exchange = sandbox.exchange
    endDeliveries = sandbox.stop
  } catch (error) {
    await stop()
    throw error
  }
  return { url, port: chosen, stop }
}

function inWords(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const sentence =
    error.code === 'EADDRINUSE'
      ? `Port ${port} on ${host} is in use: choose another port for the simulator, or end the program that uses it.`
      : `The simulator cannot listen on ${host}, port ${port}: ${error.message}`
  return Object.assign(new Error(sentence, { cause: error }), { code: error.code })
}
