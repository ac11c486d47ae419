import { startSandbox } from '../../../src/sandbox/index.ts'
import {
  type IpayPaymentsOptions,
  ipayPaymentsGateway,
} from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import {
  type IpaySessionsGateway,
  ipaySessionsGateway,
} from '../../../src/server/gateways/ipay-sessions/ipay-sessions-gateway.ts'
import type { AttemptToOpen, AttemptToRead, OpenOutcome } from '../../../src/server/gateways/port.ts'
import { type ManualClock, manualClock } from '../../support/clock.ts'
import type { SandboxFault } from '../../support/sandbox-control.ts'

/** An order of the simulator's ledger, as far as these tests look at it. */
export interface Entry {
  readonly gateway: string
  readonly orderId: string
  readonly referenceId: string
  readonly amount: number
  readonly currency: string
  readonly state: string
  readonly calls: readonly { readonly method: string; readonly path: string; readonly status: number | null }[]
}

/** The simulators at an hour that stands still, and their control requests. */
export interface Simulator {
  readonly url: string
  readonly clock: ManualClock
  orders(): Promise<Entry[]>
  /** What the buyer or time does; `body` as the simulator documents it. */
  act(id: string, step: string, body?: object): Promise<void>
  /** Any other control request. */
  control(method: string, path: string, body?: unknown): Promise<unknown>
  faults(...faults: SandboxFault[]): Promise<void>
  stop(): Promise<void>
}

export async function startSimulator(): Promise<Simulator> {
  const clock = manualClock()
  const sandbox = await startSandbox({ port: 0, clock })
  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    url: sandbox.url,
    clock,
    control,
    orders: async () => (await control('GET', '/orders')) as Entry[],
    act: async (id, step, body = {}) => {
      await control('POST', `/orders/${encodeURIComponent(id)}/${step}`, body)
    },
    faults: async (...faults) => {
      await control('PUT', '/faults', faults)
    },
    stop: () => sandbox.stop(),
  }
}

/** The Payments API's adapter over the simulator, with Basic authentication unless `options` say otherwise. */
export const paymentsOver = ({ url }: Simulator, options: Partial<IpayPaymentsOptions> = {}) =>
  ipayPaymentsGateway({
    environment: 'sandbox',
    baseUrl: `${url}/payments/api`,
    auth: { kind: 'basic', apiKey: 'key', apiSecret: 'secret' },
    ...options,
  })

/** The adapter of payment sessions over the simulator. */
export const sessionsOver = ({ url }: Simulator): IpaySessionsGateway =>
  ipaySessionsGateway({ environment: 'sandbox', baseUrl: `${url}/sessions/api`, apiKey: 'key' })

let made = 0

/** An attempt under a reference that no other test uses. */
export function attempt(changes: Partial<AttemptToOpen> = {}): AttemptToOpen {
  made += 1
  return {
    reference: `REF${String(made).padStart(8, '0')}${process.pid}`,
    amount: { minor: 125_000, currency: 'BDT' },
    description: 'Two mugs',
    returnUrls: {
      success: 'https://shop.example/ipay/orders/t/return/success',
      failure: 'https://shop.example/ipay/orders/t/return/failure',
      cancel: 'https://shop.example/ipay/orders/t/return/cancel',
    },
    lang: null,
    ...changes,
  }
}

/** The outcome, which has to be `opened`. */
export function opened(outcome: OpenOutcome): Extract<OpenOutcome, { kind: 'opened' }> {
  if (outcome.kind !== 'opened') throw new Error(`not opened: ${JSON.stringify(outcome)}`)
  return outcome
}

export const toRead = ({ reference, amount }: AttemptToOpen, orderId: string | null): AttemptToRead => ({
  reference,
  amount,
  orderId,
})

/** A call that may take as long as the product lets it. */
export const call = () => ({ signal: AbortSignal.timeout(30_000) })
