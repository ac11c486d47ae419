import type { OpenReply, PaymentStatus } from '../../../src/contract/schemas.ts'
import { type Clock, systemClock } from '../../../src/server/clock.ts'
import { createHttp } from '../../../src/server/http/create-http.ts'
import type { CallerInfo, HttpDeps, HttpHandler } from '../../../src/server/http/deps.ts'
import type { OpenInput, PaymentsService } from '../../../src/server/payments/service.ts'
import type { Telemetry } from '../../../src/server/telemetry.ts'

export const ORIGIN = 'https://shop.example'
export const ENDPOINT = `${ORIGIN}/ipay/orders`
export const FRIEND = 'https://pages.example'
export const TOKEN = 'tok_0123456789abcdefABCDEF'
export const KEY = 'key-0123456789'

export const reply: OpenReply = {
  version: 1,
  token: TOKEN,
  state: 'created',
  amount: '1250.00',
  currency: 'BDT',
  reference: 'ref-1',
  paymentUrl: 'https://app.ipay.com.bd/pay/1',
  expiresAt: '2026-11-21T10:15:00Z',
  serverTime: '2026-11-21T10:00:00Z',
  environment: 'production',
}

export const status: PaymentStatus = {
  version: 1,
  token: TOKEN,
  state: 'created',
  amount: '1250.00',
  currency: 'BDT',
  reference: 'ref-1',
  transactionId: null,
  paidAt: null,
  reason: null,
  retry: 'wait',
  paymentUrl: 'https://app.ipay.com.bd/pay/1',
  expiresAt: null,
  serverTime: '2026-11-21T10:00:00Z',
  pollAfter: 2,
  environment: 'production',
}

/** One log line or one count that the endpoint made. */
export interface Said {
  readonly name: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** The endpoint in front of payments that do as they are told, and what reached them. */
export interface Shop {
  readonly http: HttpHandler
  readonly opened: OpenInput[]
  readonly visits: { token: string; ask: boolean }[]
  readonly said: Said[]
  /** Sends a request to a path below the endpoint (or to a full address). */
  send(path: string, init?: RequestInit, info?: CallerInfo): Promise<Response>
  /** POSTs JSON with a key. */
  open(body: unknown, headers?: Record<string, string>, info?: CallerInfo): Promise<Response>
  /** POSTs a plain form as a browser does. */
  form(fields: string, headers?: Record<string, string>): Promise<Response>
}

export interface ShopOptions extends Partial<Omit<HttpDeps, 'payments'>> {
  readonly payments?: Partial<PaymentsService>
  readonly clock?: Clock
}

/** A shop whose payments know one token and open one attempt; `payments` replaces single answers. */
export function openShop({ payments, ...deps }: ShopOptions = {}): Shop {
  const opened: OpenInput[] = []
  const visits: { token: string; ask: boolean }[] = []
  const said: Said[] = []
  const telemetry: Telemetry = {
    log: (_level, name, fields = {}) => said.push({ name, fields }),
    alarm: (name, fields) => said.push({ name, fields }),
    count: (name, fields = {}) => said.push({ name, fields }),
    observe: () => {},
  }
  const known = (token: string) => token === TOKEN
  const service: PaymentsService = {
    status: async (token) => (known(token) ? status : undefined),
    returnTo: async (token) => (known(token) ? '/thanks' : undefined),
    ...payments,
    async open(input) {
      opened.push(input)
      return payments?.open ? payments.open(input) : { created: true, reply }
    },
    async returned(token, visit) {
      visits.push({ token, ask: visit.ask })
      if (payments?.returned) return payments.returned(token, visit)
      return known(token) ? { returnTo: '/thanks' } : undefined
    },
  }
  const http = createHttp({
    payments: service,
    endpoint: new URL(ENDPOINT),
    allowedOrigins: [FRIEND],
    returnTo: '/',
    opensPerMinute: 0,
    clock: systemClock(),
    telemetry,
    ...deps,
  })
  const send: Shop['send'] = (path, init, info) =>
    http(new Request(path.startsWith('http') ? path : `${ENDPOINT}${path}`, { redirect: 'manual', ...init }), info)
  return {
    http,
    opened,
    visits,
    said,
    send,
    open: (body, headers, info) =>
      send(
        '',
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': KEY, ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        },
        info,
      ),
    form: (fields, headers) =>
      send('', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html,*/*;q=0.8', ...headers },
        body: fields,
      }),
  }
}

/** The `code` of a problem answer, after its form was checked. */
export async function codeOf(answer: Response): Promise<string> {
  const { Problem } = await import('../../../src/contract/schemas.ts')
  if (answer.headers.get('content-type') !== 'application/problem+json')
    throw new Error(`not a problem: ${answer.status}`)
  const problem = Problem.parse(await answer.json())
  if (problem.status !== answer.status) throw new Error('status of body and answer differ')
  return problem.code
}

/** A press with this body, whatever it is. */
export const post = (body: BodyInit, headers: Record<string, string> = {}): Request =>
  new Request(ENDPOINT, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': KEY, ...headers },
    body,
  })
