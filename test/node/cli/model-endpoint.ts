/** A shop's order endpoint in memory that keeps the contract, and can be told to break one rule of it. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { canonicalJson } from '../../../src/contract/canonical-json.ts'
import { IDEMPOTENCY_KEY, MAX_BODY_BYTES } from '../../../src/contract/limits.ts'
import { PROBLEMS, type ProblemCode, problemType } from '../../../src/contract/problems.ts'

/** One way in which a shop's endpoint may be wrong. */
export type Flaw =
  | 'none'
  | 'unknown-token-is-200'
  | 'no-key-needed'
  | 'any-key'
  | 'any-type'
  | 'any-size'
  | 'any-site'
  | 'any-origin'
  | 'no-allow'
  | 'cacheable'
  | 'plain-json-problems'
  | 'html-errors'
  | 'status-differs-from-body'
  | 'new-attempt-each-time'
  | 'key-reuse-unnoticed'
  | 'shown-ignored'
  | 'open-redirect'
  | 'foreign-payment-page'
  | 'return-is-believed'
  | 'float-amount'

const AMOUNT = '1250.00'

interface Attempt {
  readonly order: string
  readonly token: string
  paid: boolean
}

/** Starts the endpoint at `/orders` of a free port; it ends with the test. Returns its address. */
export async function modelEndpoint(t: TestContext, flaw: Flaw = 'none'): Promise<string> {
  const attempts: Attempt[] = []
  const keys = new Map<string, string>()

  function send(
    reply: ServerResponse,
    status: number,
    type: string,
    body: unknown,
    headers: Record<string, string> = {},
  ) {
    const text = JSON.stringify(body)
    const store = flaw === 'cacheable' ? 'max-age=60' : 'no-store'
    reply.writeHead(status, { 'Content-Type': type, 'Cache-Control': store, ...headers }).end(text)
  }

  function problem(
    reply: ServerResponse,
    code: ProblemCode,
    extras: object = {},
    headers: Record<string, string> = {},
  ) {
    if (flaw === 'html-errors')
      return reply.writeHead(PROBLEMS[code].status, { 'Content-Type': 'text/html' }).end('<h1>No</h1>')
    const { status, title } = PROBLEMS[code]
    const type = flaw === 'plain-json-problems' ? 'application/json' : 'application/problem+json'
    const said = flaw === 'status-differs-from-body' ? 500 : status
    return send(
      reply,
      status,
      type,
      { type: problemType(code), title, status: said, code, instance: 'urn:x', ...extras },
      headers,
    )
  }

  const common = ({ token }: Attempt) => ({
    version: 1,
    token,
    amount: flaw === 'float-amount' ? 1250 : AMOUNT,
    currency: 'BDT',
    reference: `ref-${token.slice(0, 8)}`,
    paymentUrl: `${flaw === 'foreign-payment-page' ? 'https://pay.evil.example' : 'http://127.0.0.1:9'}/pay/${token}`,
    expiresAt: '2026-11-21T10:15:00Z',
    serverTime: '2026-11-21T10:00:00Z',
    environment: 'sandbox',
  })

  function get(reply: ServerResponse, path: string) {
    const [token, ...rest] = path.split('/')
    const attempt = attempts.find((one) => one.token === token)
    if (!attempt)
      return flaw === 'unknown-token-is-200' ? send(reply, 200, 'application/json', {}) : problem(reply, 'not-found')
    if (rest.join('/') === 'return/success') {
      if (flaw === 'return-is-believed') attempt.paid = true
      return reply.writeHead(303, { Location: `/thanks?ipay=${token}` }).end()
    }
    const state = attempt.paid ? 'paid' : 'created'
    const rest2 = {
      state,
      transactionId: null,
      paidAt: null,
      reason: null,
      retry: attempt.paid ? 'no' : 'wait',
      pollAfter: 3,
    }
    return send(reply, 200, 'application/json', { ...common(attempt), ...rest2 })
  }

  function post(reply: ServerResponse, { headers }: IncomingMessage, body: string) {
    const key = headers['idempotency-key']
    const site = headers['sec-fetch-site']
    if (flaw !== 'any-site' && site !== undefined && site !== 'same-origin') return problem(reply, 'cross-site')
    if (flaw !== 'any-origin' && headers.origin !== undefined) return problem(reply, 'cross-site')
    if (flaw !== 'any-type' && headers['content-type'] !== 'application/json') return problem(reply, 'unsupported-type')
    if (flaw !== 'any-size' && Buffer.byteLength(body) > MAX_BODY_BYTES) return problem(reply, 'too-large')
    if (key === undefined ? flaw !== 'no-key-needed' : flaw !== 'any-key' && !IDEMPOTENCY_KEY.test(String(key))) {
      return problem(reply, 'invalid-request')
    }
    const wanted = readJson(body)
    if (wanted?.['order'] === undefined) return problem(reply, 'invalid-request')
    const order = canonicalJson(wanted['order'])
    const used = keys.get(String(key))
    if (used !== undefined && used !== order && flaw !== 'key-reuse-unnoticed') return problem(reply, 'key-reused')
    const shown = wanted['shown'] as { amount: string } | undefined
    if (shown && shown.amount !== AMOUNT && flaw !== 'shown-ignored') {
      return problem(reply, 'price-changed', { amount: AMOUNT, currency: 'BDT' })
    }
    const returnTo = String(wanted['returnTo'] ?? '/')
    if (flaw !== 'open-redirect' && !/^\/(?!\/)/.test(returnTo)) return problem(reply, 'invalid-request')
    keys.set(String(key), order)
    const live = flaw === 'new-attempt-each-time' ? undefined : attempts.find((one) => one.order === order)
    const attempt = live ?? { order, token: randomBytes(16).toString('base64url'), paid: false }
    if (!live) attempts.push(attempt)
    return send(reply, live ? 200 : 201, 'application/json', { ...common(attempt), state: 'created' })
  }

  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const path = (request.url ?? '').replace(/^\/orders\/?/, '')
    if (path !== '' && request.method === 'GET') return get(reply, path)
    if (path === '' && request.method === 'POST') return post(reply, request, body)
    return problem(reply, 'method-not-allowed', {}, flaw === 'no-allow' ? {} : { Allow: 'POST' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
