import { MAX_BODY_BYTES } from '../contract/limits.ts'
import type { OpenReply, OpenRequest, PaymentStatus, Problem } from '../contract/schemas.ts'
import { withDeadline } from './deadline.ts'
import { IpayError } from './errors.ts'
import { readOpenReply, readPaymentStatus, readProblem } from './replies.ts'

/** How the page reaches the shop. */
export interface ShopOptions {
  /**
   * The checked address of the shop's endpoint. Without one, `createOrder` and `readStatus` must be given.
   * Asking for it throws IpayError `misconfigured` where it cannot be used.
   */
  readonly address: URL | undefined
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

  /** @param retryAfterSeconds as the answer says; what must say it and does not is left alone for 5 s */
  constructor(problem: Problem, retryAfterSeconds = 0) {
    const { code, instance } = problem
    super(code, {
      reference: instance,
      retryAfterSeconds: retryAfterSeconds || (/^(in-progress|too-many-requests)$/.test(code) ? 5 : 0),
    })
    this.problem = problem
  }
}

/** Opens or resumes a payment. Ends within 20 s. @throws IpayError, or what aborted the signal. */
export const openPayment = (shop: ShopOptions, request: OpenRequest, key: string, signal: AbortSignal) =>
  ask(
    signal,
    (inner) =>
      shop.createOrder ? shop.createOrder(request, { key, signal: inner }) : exchange(shop, '', inner, request, key),
    readOpenReply,
  )

/** Reads the status of a payment. Ends within 20 s. @throws IpayError, or what aborted the signal. */
export const readPayment = (shop: ShopOptions, token: string, signal: AbortSignal): Promise<PaymentStatus> =>
  ask(
    signal,
    (inner) => (shop.readStatus ? shop.readStatus(token, { signal: inner }) : exchange(shop, `/${token}`, inner)),
    readPaymentStatus,
  )

async function ask<T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => unknown,
  read: (value: unknown) => T | undefined,
): Promise<T> {
  const answer = await withDeadline(signal, async (inner) => work(inner)).catch((error) => {
    if (error instanceof IpayError || signal.aborted) throw error
    throw asProblem(error) ?? lost(error)
  })
  const reply = read(answer)
  if (reply) return reply
  throw asProblem(answer) ?? badAnswer('not the documented shape')
}

const asProblem = (value: unknown) => {
  const problem = readProblem(value)
  return problem && new ShopProblem(problem)
}

/** Nothing says where the shop is asked. */
export const noEndpoint = () => new IpayError('misconfigured', { hint: 'give the tag an order-endpoint' })

const badAnswer = (hint: string, cause?: unknown) => new IpayError('bad-answer', { hint, cause })

const lost = (cause: unknown) =>
  navigator.onLine === false
    ? new IpayError('offline', { cause })
    : new IpayError('unreachable', { cause, hint: 'is it up? a redirect (login)? CORS? CSP connect-src?' })

async function exchange(
  { address, headers, credentials }: ShopOptions,
  path: string,
  signal: AbortSignal,
  request?: OpenRequest,
  key?: string,
): Promise<unknown> {
  // One of the two callbacks alone does not do for the other question.
  if (!address) throw noEndpoint()
  const url = new URL(address)
  // The order goes where the page says, to the letter: some servers insist on a slash at the end.
  url.pathname = url.pathname.replace(path && /\/$/, '') + path
  const sent = new Headers((typeof headers === 'function' ? await headers() : headers) ?? {})
  if (key) {
    sent.set('Content-Type', 'application/json')
    sent.set('Idempotency-Key', key)
  }
  const response = await fetch(url, {
    ...(request && { method: 'POST', body: JSON.stringify(request) }),
    headers: sent,
    credentials: credentials ?? 'same-origin',
    signal,
    // A redirect would turn the POST into a GET of a login page, or send the cart elsewhere.
    redirect: 'error',
    cache: 'no-store',
  })
  const { status } = response
  const type = response.headers.get('content-type') ?? ''
  const isJson = (subtype: string) => RegExp(`^application/${subtype}json\\s*(;|$)`, 'i').test(type)
  if ((status === 200 || (key && status === 201)) && isJson('')) return readJson(response)
  const problem = status > 399 && isJson('problem\\+') && readProblem(await readJson(response).catch(() => 0))
  if (problem) throw new ShopProblem(problem, retryAfter(response))
  // What was read already, or broke off, cannot be cancelled.
  response.body?.cancel().catch(() => 0)
  throw new IpayError(status > 399 && status < 500 ? 'refused' : 'bad-answer', {
    hint: `HTTP ${status} ${type}`,
    retryAfterSeconds: retryAfter(response),
  })
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
    try {
      if (bytes > MAX_BODY_BYTES) throw 'over 64 KiB'
      text += decoder.decode(value, { stream: !done })
      if (done) return JSON.parse(text)
    } catch (cause) {
      reader?.cancel().catch(() => 0)
      throw badAnswer('no JSON', cause)
    }
  }
}

/** Seconds to wait, 1 to 60; 0 where nothing is said. A date counts from the answer's own; nonsense is 5. */
function retryAfter({ headers }: Response): number {
  const value = headers.get('retry-after')
  if (value === null) return 0
  const date = / GMT$/.test(value) && Date.parse(value)
  const seconds = date
    ? Math.ceil((date - (Date.parse(headers.get('date') ?? '') || Date.now())) / 1000)
    : /^\d+$/.test(value)
      ? +value
      : 5
  return Math.min(60, Math.max(1, seconds))
}
