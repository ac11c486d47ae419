import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Fault } from '../faults/fault.ts'

/** What is sent. */
export interface SignedBody {
  readonly url: string
  readonly body: string
  readonly signature: string
}

const DEADLINE_MS = 15_000

/**
 * Sends one webhook and resolves with the receiver's HTTP status, or null when it gave none in 15 s. Never rejects.
 * A fault of `notify` strikes the sending: `delay` sends later, `hang` and `redirect` never send, `drop-reply` does not
 * hear the answer, `status` takes `value` for the answer without sending, `html` sends it as a page, `garbage` sends
 * another body than the signed one, `cut` breaks off after `at` bytes of the body.
 */
export async function deliver(
  signed: SignedBody,
  fault: Fault | undefined,
  stopped: AbortSignal,
): Promise<number | null> {
  if (fault?.do === 'hang' || fault?.do === 'redirect') return null
  if (fault?.do === 'status') return Number(fault.value ?? 500)
  if (fault?.do === 'delay') await pause(fault.ms ?? 1000, stopped)
  if (stopped.aborted) return null
  const altered =
    fault?.do === 'garbage' ? String(fault.value ?? signed.body.replace(/\d/, '9').concat(' ')) : signed.body
  const type = fault?.do === 'html' ? 'text/html; charset=utf-8' : 'application/json'
  const status = await post({ ...signed, body: altered }, type, fault?.do === 'cut' ? (fault.at ?? 1) : null, stopped)
  return fault?.do === 'drop-reply' ? null : status
}

function post({ url, body, signature }: SignedBody, type: string, cutAt: number | null, stopped: AbortSignal) {
  return new Promise<number | null>((resolve) => {
    const bytes = Buffer.from(body)
    const headers = { 'Content-Type': type, 'Content-Length': bytes.length, 'ipay-signature': signature }
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(DEADLINE_MS)])
    const target = URL.parse(url)
    if (!/^https?:$/.test(target?.protocol ?? '') || !target) return resolve(null)
    const request = target.protocol === 'https:' ? secureRequest : plainRequest
    const outgoing = request(target, { method: 'POST', headers, signal, agent: false }, (incoming) => {
      incoming.resume()
      incoming.on('end', () => resolve(incoming.statusCode ?? null))
      incoming.on('error', () => resolve(null))
    })
    outgoing.on('error', () => resolve(null))
    if (cutAt === null) outgoing.end(bytes)
    else outgoing.write(bytes.subarray(0, cutAt), () => outgoing.destroy(new Error('cut short by a fault')))
  })
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    timer.unref()
    stopped.addEventListener('abort', () => resolve(), { once: true })
  })
}
