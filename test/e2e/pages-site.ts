import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { OpenReply, PaymentStatus } from '../../src/contract/schemas.ts'

/** One question that the order endpoint was asked. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly key: string | undefined
  readonly body: string
  readonly type: string
}

/** What the endpoint answers; `undefined` keeps the line open and says nothing. */
export type Answer = { readonly status: number; readonly body: unknown } | undefined

/** A little site of pages under test: one server, seen as two origins, with an order endpoint and a payment page. */
export interface Site {
  /** `http://localhost:<port>`: the shop. */
  readonly url: string
  /** The same server under another origin: the payment page, an embedding page. */
  readonly otherUrl: string
  readonly port: number
  /** Questions to the endpoint so far. */
  readonly asked: Asked[]
  /** Bodies of the reports that browsers sent to `/reports`, as `directive uri`. */
  readonly reports: string[]
  /** Every address that was asked for. */
  readonly visits: string[]
  /** Puts a page or a file at a path. */
  put(path: string, content: string, headers?: Readonly<Record<string, string>>): void
  /** How the endpoint answers from now on; without an argument as a shop does that opens payments. */
  answers(work?: (asked: Asked) => Answer | Promise<Answer>): void
  stop(): Promise<void>
}

export const TOKEN = 'tok_0123456789abcdefghijk'

/** Starts it on a free port of the loopback. */
export async function startSite(): Promise<Site> {
  const files = new Map<string, { content: string; headers: Readonly<Record<string, string>> }>()
  const asked: Asked[] = []
  const reports: string[] = []
  const visits: string[] = []
  let answer: (asked: Asked) => Answer | Promise<Answer> = open

  function open({ method }: Asked): Answer {
    return method === 'POST'
      ? { status: 201, body: openReply({ paymentUrl: `${site.otherUrl}/pay/1` }) }
      : { status: 200, body: statusReply({ paymentUrl: `${site.otherUrl}/pay/1` }) }
  }

  async function endpoint(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await textOf(request)
    const allowed = {
      // A page of an opaque origin, and one of another origin, ask across origins.
      'Access-Control-Allow-Origin': request.headers.origin ?? '*',
      'Access-Control-Allow-Headers': 'content-type, idempotency-key',
      'Access-Control-Allow-Credentials': 'true',
      'Cache-Control': 'no-store',
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, allowed).end()
      return
    }
    const { method = '' } = request
    const type = request.headers['content-type'] ?? ''
    const key = request.headers['idempotency-key']
    const question = { method, path, key: typeof key === 'string' ? key : undefined, body, type }
    asked.push(question)
    if (type.startsWith('application/x-www-form-urlencoded')) {
      response.writeHead(303, { Location: `${site.otherUrl}/pay/1` }).end()
      return
    }
    const given = await answer(question)
    if (!given) return
    const json = given.status >= 400 ? 'application/problem+json' : 'application/json'
    response.writeHead(given.status, { ...allowed, 'Content-Type': json }).end(JSON.stringify(given.body))
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    visits.push(pathname)
    if (pathname.startsWith('/orders')) return endpoint(request, response, pathname)
    if (pathname === '/reports') {
      // The picture for its tab a browser asks for by itself: that is none of the page's doing.
      reports.push(...reportsOf(await textOf(request)).filter((report) => !report.endsWith('/favicon.ico')))
      response.writeHead(204).end()
      return
    }
    if (pathname === '/pay/nowhere') {
      // No content: the browser stays where it is.
      response.writeHead(204).end()
      return
    }
    const file = files.get(pathname)
    const type = TYPES[/\.\w+$/.exec(pathname)?.[0] ?? ''] ?? 'text/html; charset=utf-8'
    response
      .writeHead(file ? 200 : 404, {
        'Content-Type': type,
        'Cross-Origin-Resource-Policy': 'cross-origin',
        ...file?.headers,
      })
      .end(file?.content ?? '<!doctype html><h1>Nothing here</h1>')
  }

  // As servers behind a proxy do: with Node's own five seconds a navigation could meet a connection that is just closing.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => void serve(request, response))
  // Both names of the loopback, whichever a browser tries.
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the site has no port')
  const { port } = address
  const site: Site = {
    url: `http://localhost:${port}`,
    otherUrl: `http://127.0.0.1:${port}`,
    port,
    asked,
    reports,
    visits,
    put: (path, content, headers = {}) => void files.set(path, { content, headers }),
    answers: (work = open) => {
      answer = work
      for (const list of [asked, reports, visits]) list.length = 0
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  site.put('/pay/1', '<!doctype html><title>pay</title><h1>Payment page</h1>')
  return site
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}

/** Both shapes in which browsers report: the old one of `report-uri`, and a list of the Reporting API. */
function reportsOf(text: string): string[] {
  const parsed = JSON.parse(text) as ReportShape | readonly ReportShape[]
  return [parsed].flat().map((report) => {
    const old = report['csp-report']
    const body = report.body
    return old
      ? `${old['effective-directive'] ?? old['violated-directive']} ${old['blocked-uri']}`
      : `${body?.effectiveDirective} ${body?.blockedURL}`
  })
}

interface ReportShape {
  readonly 'csp-report'?: Readonly<Record<string, string>>
  readonly body?: { readonly effectiveDirective?: string; readonly blockedURL?: string }
}

/** A fresh attempt as a sandbox shop answers it. */
export const openReply = (changed: Partial<OpenReply>): OpenReply => ({
  version: 1,
  token: TOKEN,
  state: 'created',
  amount: '1250.00',
  currency: 'BDT',
  reference: 'R-1001',
  paymentUrl: 'http://127.0.0.1/pay/1',
  expiresAt: '2026-11-21T10:15:00Z',
  serverTime: '2026-11-21T10:00:00Z',
  environment: 'sandbox',
  ...changed,
})

/** A status as a sandbox shop answers it. */
export const statusReply = (changed: Partial<PaymentStatus>): PaymentStatus => ({
  ...openReply({}),
  transactionId: null,
  paidAt: null,
  reason: null,
  retry: 'wait',
  pollAfter: 60,
  ...changed,
})

/** The tag as the pages use it. */
export const TAG =
  '<ipay-button order-endpoint="/orders" order=\'{"cart":"c_81"}\' amount="1250.00" environment="sandbox"></ipay-button>'

/** A refusal of the endpoint. */
export const problem = (code: string, more: object = {}): Answer => ({
  status: 409,
  body: {
    type: `urn:pay-with-ipay:problem:${code}`,
    title: 'A title',
    status: 409,
    code,
    instance: 'urn:x:1',
    ...more,
  },
})
