import { createHmac } from 'node:crypto'
import { bdt, type Money } from '../../../src/contract/money.ts'
import type { OpenReply, PaymentStatus } from '../../../src/contract/schemas.ts'
import { createPayments, type Payments } from '../../../src/server/create-payments.ts'
import {
  type IpayPaymentsGateway,
  type IpayPaymentsOptions,
  ipayPaymentsGateway,
} from '../../../src/server/gateways/ipay-payments/ipay-payments-gateway.ts'
import type { AnyGateway, Gateway, Payer } from '../../../src/server/gateways/port.ts'
import type { PaidPayment } from '../../../src/server/payments/deps.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { KyselyStore } from '../../../src/server/store/sqlite-store.ts'
import { type Simulator, startSimulator } from '../gateways/simulator.ts'

export const SECRET = 'whsec_0123456789'
export const ENDPOINT = 'https://localhost/ipay/orders'

/** A shop in front of a simulated gateway: everything is real but the clock and the sockets of the buyer. */
export interface TestShop<G extends Gateway = IpayPaymentsGateway> {
  readonly simulator: Simulator
  readonly gateway: G
  readonly payments: Payments<G>
  readonly store: KyselyStore
  readonly paid: PaidPayment[]
  readonly alarms: { readonly kind: string; readonly reference: string }[]
  readonly logged: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[]
  /** What a purchase costs; default ৳1,250.00. */
  readonly prices: Map<string, Money>
  /** What a purchase is called; default `Two mugs`. */
  readonly descriptions: Map<string, string>
  /** Whose purchase it is at the gateway. */
  readonly payers: Map<string, Payer>
  /** Presses the button; the raw answer. */
  press(cart: string, key?: string): Promise<Response>
  /** The same, which has to open or resume. */
  open(cart: string): Promise<OpenReply>
  status(token: string): Promise<PaymentStatus>
  /** The id of an attempt's order at the gateway. */
  orderId(reference: string): Promise<string>
  /** Sends a notification; signed with `SECRET` unless told otherwise. */
  notify(body: string | object, options?: { signature?: string | null; gateway?: string }): Promise<Response>
  /** Another kit on the same store and gateway, as after a restart. */
  restart(): Payments<G>
  stop(): Promise<void>
}

export const signed = (body: string, secret = SECRET): string => createHmac('sha256', secret).update(body).digest('hex')

let pressed = 0

/** A key that no other press has. */
function newKey(): string {
  pressed += 1
  return `key-of-press-${pressed}`
}

/** A shop over any gateway of the simulator. */
export async function startShop<G extends AnyGateway>(
  make: (simulator: Simulator) => G,
  options: { readonly databaseUrl?: string } = {},
): Promise<TestShop<G>> {
  const simulator = await startSimulator()
  const gateway = make(simulator)
  const store = await openStore(options.databaseUrl ?? 'file::memory:')
  const paid: PaidPayment[] = []
  const alarms: { kind: string; reference: string }[] = []
  const logged: { event: string; fields: Readonly<Record<string, unknown>> }[] = []
  const prices = new Map<string, Money>()
  const payers = new Map<string, Payer>()
  const descriptions = new Map<string, string>()
  const restart = () =>
    createPayments({
      gateway,
      store,
      endpoint: new URL(ENDPOINT),
      clock: simulator.clock,
      opensPerMinute: 0,
      price(order) {
        const { cart } = order as { cart: string }
        const payer = payers.get(cart)
        return {
          purchaseId: cart,
          amount: prices.get(cart) ?? bdt('1250.00'),
          description: descriptions.get(cart) ?? 'Two mugs',
          ...(payer && { payer }),
        }
      },
      onPaid: (payment) => void paid.push(payment),
      telemetry: {
        log: (_level, event, fields = {}) => void logged.push({ event, fields }),
        alarm: (kind, { reference }) => void alarms.push({ kind, reference }),
        count() {},
        observe() {},
      },
    })
  const payments = restart()
  const press = (cart: string, key = newKey()) =>
    payments.fetch(
      new Request(ENDPOINT, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ order: { cart } }),
      }),
    )

  return {
    simulator,
    gateway,
    payments,
    store,
    paid,
    alarms,
    logged,
    prices,
    payers,
    descriptions,
    press,
    async open(cart) {
      const answer = await press(cart)
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
      return (await answer.json()) as OpenReply
    },
    async status(token) {
      return (await (await payments.fetch(new Request(`${ENDPOINT}/${token}`))).json()) as PaymentStatus
    },
    async orderId(reference) {
      return (await store.rows.attemptByReference(reference))?.order_id ?? ''
    },
    notify(body, { signature, gateway: name = gateway.name } = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const given = signature === undefined ? signed(text) : signature
      return payments.fetch(
        new Request(`${ENDPOINT}/notifications/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(given !== null && { 'ipay-signature': given }) },
          body: text,
        }),
      )
    },
    restart,
    async stop() {
      await payments.stop()
      await store.close()
      await simulator.stop()
    },
  }
}

export const paymentsGateway =
  (options: Partial<IpayPaymentsOptions> = {}) =>
  ({ url, clock }: Simulator): IpayPaymentsGateway =>
    ipayPaymentsGateway({
      environment: 'sandbox',
      baseUrl: `${url}/payments/api`,
      auth: { kind: 'basic', apiKey: 'key', apiSecret: 'secret' },
      webhookSecret: SECRET,
      now: () => clock.now(),
      ...options,
    })

let made = 0

/** An event of the Payments API about an order. */
export function event(reference: string | null, changes: Readonly<Record<string, unknown>> = {}) {
  made += 1
  return {
    id: `evt_${made}`,
    type: 'payment.succeeded',
    created: 1,
    data: { id: 'pay_x', status: 'succeeded', metadata: reference === null ? {} : { orderId: reference } },
    ...changes,
  }
}
