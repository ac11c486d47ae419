import type { Fault } from './fault.ts'

/** What the connection does instead of carrying the answer; only a listener that owns the socket can do it. */
export type Breakage =
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'cut'; readonly at: number }

/** How an exchange ends. */
export interface Outcome {
  readonly response: Response
  readonly breakage?: Breakage
  /** Milliseconds of real time to wait before answering. */
  readonly delayMs?: number
}

const NOT_JSON = '{"message": "ok", "orderId": IPAY-'
const A_PAGE = '<!doctype html><title>Log in</title><h1>Log in to the network</h1>'

const WORKS: readonly string[] = ['delay', 'hang', 'drop-reply', 'cut', 'garbage', 'lag']

/** Lets `fault` strike an exchange whose honest answer is what `work` returns. See {@link Fault} for each kind. */
export async function strike(fault: Fault | undefined, work: () => Promise<Response>): Promise<Outcome> {
  if (!fault) return { response: await work() }
  const worked = (fault.work ?? WORKS.includes(fault.do)) ? await work() : undefined
  const honest = worked ?? Response.json({ message: 'Withheld' }, { status: 503 })
  switch (fault.do) {
    case 'delay':
      return { response: honest, delayMs: fault.ms ?? 1000 }
    case 'hang':
      return { response: honest, breakage: { kind: 'hang' } }
    case 'drop-reply':
      return { response: honest, breakage: { kind: 'drop' } }
    case 'cut':
      return { response: honest, breakage: { kind: 'cut', at: fault.at ?? 1 } }
    case 'status':
      return { response: statusOnly(Number(fault.value ?? 500)) }
    case 'html':
      return { response: text('text/html; charset=utf-8', fault.value ?? A_PAGE) }
    case 'garbage':
      return { response: text('application/json', fault.value ?? NOT_JSON) }
    case 'redirect':
      return {
        response: new Response(null, { status: 302, headers: { Location: String(fault.value ?? '/elsewhere') } }),
      }
    case 'lag':
      return { response: honest }
  }
}

function statusOnly(status: number): Response {
  const hasNoBody = status === 204 || status === 205 || status === 304
  const headers = status === 429 || status === 503 ? { 'Retry-After': '1' } : undefined
  return hasNoBody
    ? new Response(null, { status })
    : Response.json({ message: `Simulated answer ${status}` }, { status, ...(headers && { headers }) })
}

const text = (type: string, body: string | number) => new Response(String(body), { headers: { 'Content-Type': type } })
