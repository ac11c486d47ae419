import { MAX_BODY_BYTES } from '../contract/limits.ts'
import type { OpenReply, OpenRequest, PaymentStatus, Problem } from '../contract/schemas.ts'
import { withDeadline } from './deadline.ts'
import { IpayError } from './errors.ts'
import { readOpenReply, readPaymentStatus, readProblem } from './replies.ts'

/** How the page reaches the shop. */
export interface ShopOptions {
  /** The checked address of the shop's endpoint. Without one, `createOrder` and `readStatus` must be given. */
  readonly endpoint?: URL | undefined
  readonly headers?: RequestHeaders | undefined
  readonly credentials?: RequestCredentials | undefined
  readonly createOrder?: CreateOrder | undefined
  readonly readStatus?: ReadStatus | undefined
}

type HeaderList = Readonly<Record<string, string>>
/** Extra request headers, or a function that makes them (asked at each request). */
export type RequestHeaders = HeaderList | (() => HeaderList | Promise<HeaderList>)
/** Used in place of the POST. May resolve to (or be rejected with) a problem body too. */
export type CreateOrder = (request: OpenRequest, options: { key: string; signal: AbortSignal }) => Promise<OpenReply>
/** Used in place of the GET. */
export type ReadStatus = (token: string, options: { signal: AbortSignal }) => Promise<PaymentStatus>

/** A problem that the shop answered with, and what the flow needs of its members. */
export class ShopProblem extends IpayError {
  readonly problem: Problem

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.code, { reference: problem.instance, ...(retryAfterSeconds && { retryAfterSeconds }) })
    this.problem = problem
  }
}

/** Opens or resumes a payment. Ends within 20 s. @throws IpayError, or what aborted the signal. */
export const openPayment = (shop: ShopOptions, request: OpenRequest, key: string, signal: AbortSignal) =>
  ask(
    signal,
    shop.createOrder
      ? (inner) => shop.createOrder?.(request, { key, signal: inner })
      : (inner) => exchange(shop, '', inner, { method: 'POST', body: JSON.stringify(request) }, key),
    readOpenReply,
  )

/** Reads the status of a payment. Ends within 20 s. @throws IpayError, or what aborted the signal. */
export async function readPayment(shop: ShopOptions, token: string, signal: AbortSignal): Promise<PaymentStatus> {
  const status = await ask(
    signal,
    shop.readStatus
      ? (inner) => shop.readStatus?.(token, { signal: inner })
      : (inner) => exchange(shop, `/${token}`, inner, {}),
    readPaymentStatus,
  )
  if (status.token !== token) throw new IpayError('bad-answer', { hint: 'the status is about another payment' })
  return status
}

async function ask<T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => unknown,
  read: (value: unknown) => T | undefined,
): Promise<T> {
  let answer: unknown
  try {
    answer = await withDeadline(signal, async (inner) => work(inner))
  } catch (error) {
    if (error instanceof IpayError || signal.aborted) throw error
    throw asProblem(error) ?? lost(error)
  }
  const reply = read(answer)
  if (reply) return reply
  throw asProblem(answer) ?? new IpayError('bad-answer', { hint: 'the reply has not the documented shape' })
}

const asProblem = (value: unknown) => {
  const problem = readProblem(value)
  return problem && new ShopProblem(problem)
}

const lost = (cause: unknown) =>
  navigator.onLine === false
    ? new IpayError('offline', { cause })
    : new IpayError('unreachable', {
        cause,
        hint: 'no answer: is the endpoint up, does it redirect (a login page?), do CORS and the CSP (connect-src) allow it?',
      })

async function exchange(
  { endpoint, headers, credentials = 'same-origin' }: ShopOptions,
  path: string,
  signal: AbortSignal,
  init: RequestInit,
  key?: string,
): Promise<unknown> {
  const url = new URL(endpoint as URL)
  url.pathname = url.pathname.replace(/\/$/, '') + path
  const sent = new Headers(typeof headers === 'function' ? await headers() : headers)
  if (key) {
    sent.set('Content-Type', 'application/json')
    sent.set('Idempotency-Key', key)
  }
  // A redirect would turn the POST into a GET of a login page, or send the cart elsewhere.
  const response = await fetch(url, {
    ...init,
    headers: sent,
    credentials,
    signal,
    redirect: 'error',
    cache: 'no-store',
  })
  const { status } = response
  const type = response.headers.get('content-type') ?? ''
  if ((status === 200 || (key && status === 201)) && /^application\/json\s*(;|$)/i.test(type)) return readJson(response)
  if (status > 399) {
    const problem =
      /^application\/problem\+json\s*(;|$)/i.test(type) && readProblem(await readJson(response).catch(() => 0))
    if (problem) throw new ShopProblem(problem, retryAfter(response, problem.code))
    response.body?.cancel()
    throw new IpayError(status < 500 ? 'refused' : 'bad-answer', {
      hint: `HTTP ${status} ${type} without a known problem`,
      retryAfterSeconds: retryAfter(response, ''),
    })
  }
  response.body?.cancel()
  throw new IpayError('bad-answer', { hint: `HTTP ${status} ${type} where JSON was expected` })
}

/** The body as JSON, read no further than the limit. A byte order mark is allowed, text that is not UTF-8 is not. */
async function readJson({ body }: Response): Promise<unknown> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = body?.getReader()
  let bytes = 0
  let text = ''
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true }
    bytes += value?.length ?? 0
    if (bytes > MAX_BODY_BYTES) {
      reader?.cancel()
      throw new IpayError('bad-answer', { hint: 'the reply is over 64 KiB' })
    }
    try {
      text += decoder.decode(value, { stream: !done })
      if (done) return JSON.parse(text)
    } catch (cause) {
      throw new IpayError('bad-answer', { cause, hint: 'the reply is not JSON' })
    }
  }
}

/** Seconds to wait, 1 to 60. A date counts from the answer's own; nonsense, or nothing where it must be said, is 5. */
function retryAfter({ headers }: Response, code: string): number {
  const value = headers.get('retry-after')
  if (value === null) return code === 'in-progress' || code === 'too-many-requests' ? 5 : 0
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : / GMT$/.test(value)
      ? Math.ceil((Date.parse(value) - (Date.parse(headers.get('date') ?? '') || Date.now())) / 1000)
      : 5
  return Math.min(60, Math.max(1, seconds || (seconds === 0 ? 1 : 5)))
}
