import { ownMembers } from '../../contract/own-members.ts'
import { createCircuit } from './circuit.ts'
import { callGateway, type GatewayReply } from './http-client.ts'
import { unasked } from './secret.ts'

/** Gives the `Authorization` header of each call. */
export interface Authorizer {
  /** The header, or why there is none at the moment. @throws SecretError when the shop's own function gives no secret */
  header(signal: AbortSignal): Promise<{ readonly value: string } | { readonly reply: GatewayReply }>
  /** Told that the gateway did not accept `value`. True when the next one may be another. */
  refused(value: string): boolean
}

export interface ApiCall {
  readonly method: 'GET' | 'POST'
  /** Below the base address, beginning with `/`. */
  readonly path: string
  readonly body?: unknown
  /** `Idempotency-Key`: every write has one. */
  readonly key?: string
  readonly signal: AbortSignal
  readonly accepted?: (() => void) | undefined
}

/** Calls a gateway's interface. Never throws: every fault is a reply. */
export type ApiClient = (call: ApiCall) => Promise<GatewayReply>

const DOWN: GatewayReply = { kind: 'unreachable', detail: 'the gateway is down; waiting before the next call' }

/**
 * A client with the base address, the authorisation and one circuit for all calls to this gateway.
 * @param baseUrl without a slash at its end
 */
export function createApiClient(baseUrl: string, authorizer: Authorizer): ApiClient {
  const circuit = createCircuit(
    (reply) =>
      reply.kind === 'unreachable' ||
      ('status' in reply && typeof reply.status === 'number' && (reply.status >= 500 || reply.status === 429)),
  )

  async function once(call: ApiCall, isLast: boolean): Promise<GatewayReply> {
    const authorization = await authorizer.header(call.signal)
    if ('reply' in authorization) return authorization.reply
    const { method, path, body, key, signal, accepted } = ownMembers(call)
    const headers = {
      authorization: authorization.value,
      ...(key !== undefined && { 'idempotency-key': key }),
    }
    const reply = await callGateway({ method, url: baseUrl + path, headers, body, signal, accepted })
    const isStale = 'status' in reply && reply.status === 401 && authorizer.refused(authorization.value)
    return isStale && !isLast ? once(call, true) : reply
  }
  return async (call) => {
    try {
      return await circuit(() => once(call, false), DOWN)
    } catch (error) {
      return unasked(error)
    }
  }
}

/**
 * An id as one segment of a path: what a gateway or a shop gave us may hold anything. What no segment can be (nothing, or
 * the dots that lead upwards) becomes `-`, which no gateway knows.
 */
export const segment = (id: string): string => (/^\.{0,2}$/.test(id) ? '-' : encodeURIComponent(id.toWellFormed()))
