import { Hono } from 'hono'
import { type Clock, machineClock } from './clock.ts'
import { controlRoutes } from './control/routes.ts'
import { createExchange } from './exchange.ts'
import { FaultPlan } from './faults/fault-plan.ts'
import type { Outcome } from './faults/strike.ts'
import { GATEWAY_PATHS } from './gateway-paths.ts'
import { fileJournal, noJournal } from './journal.ts'
import { Ledger } from './ledger/ledger.ts'
import { WEBHOOK_SENDERS, type WebhookSender, Webhooks, type WebhookTarget } from './notifications/webhooks.ts'
import { orderGatewayRoutes } from './order-gateway/routes.ts'
import { ownMembers } from './own-members.ts'
import { pageHeaders } from './payment-page/page-headers.ts'
import { paymentPageRoutes } from './payment-page/routes.ts'
import { Visits } from './payment-page/visits.ts'
import { createPaymentsGateway } from './payments-gateway/create-payments-gateway.ts'
import type { SandboxEnv } from './sandbox-env.ts'
import { createSessionsGateway } from './sessions-gateway/create-sessions-gateway.ts'
import { startPage } from './start-page.ts'

export interface SandboxOptions {
  /** Decides expiry and every time in the ledger. Left out: the machine's. */
  readonly clock?: Clock
  /** A file that the ledger is kept in, so that it survives the end of the process. Left out: in memory only. */
  readonly journal?: string
  /** Origin of the payment pages, such as `http://127.0.0.1:3001`. Left out: the origin of the request. */
  readonly publicUrl?: string
  /** Where the webhooks of the gateways that send some go. Left out: events are kept and not sent. */
  readonly webhooks?: Readonly<Partial<Record<WebhookSender, WebhookTarget>>>
}

/** The simulators without a socket. */
export interface Sandbox {
  /**
   * Answers a request as the simulator's origin would. A fault that withholds the answer rejects with TypeError, as
   * `fetch` does when a connection is lost; one that hangs ends when the request's signal aborts.
   */
  fetch(request: Request): Promise<Response>
  /** The same, but says how the exchange is to end and leaves that to the caller, who owns the connection. */
  exchange(request: Request): Promise<Outcome>
  /** Ends deliveries of webhooks and their retries. */
  stop(): void
}

/**
 * Puts the simulators together: the order gateway below `/api/pg` with its pages below `/pay`, the Payments API
 * below `/payments/api` with its pages below `/payments`, payment sessions below `/sessions/api`, control below `/_sandbox`;
 * `/` says so to people.
 * @throws Error with a sentence and the `code` of `node:fs` when the journal cannot be written.
 */
export function createSandbox(given: SandboxOptions = {}): Sandbox {
  const options = ownMembers(given)
  const journal = options.journal === undefined ? noJournal : fileJournal(options.journal)
  const clock = options.clock ?? machineClock()
  const ledger = new Ledger(clock, journal)
  const faults = new FaultPlan()
  const webhooks = new Webhooks(clock, faults, journal)
  const visits = new Visits()
  const publicUrl = (request: Request) => options.publicUrl?.replace(/\/$/, '') ?? new URL(request.url).origin

  const payments = createPaymentsGateway({ clock, journal, ledger, faults, webhooks, publicUrl })
  const sessions = createSessionsGateway({ clock, journal, ledger, faults, webhooks, publicUrl })
  const setTargets = () => {
    for (const sender of WEBHOOK_SENDERS) {
      const target = options.webhooks?.[sender]
      if (target) webhooks.configure(sender, target)
    }
  }
  const forget = () => {
    for (const part of [visits, webhooks, payments, sessions]) part.forget()
    // What the program said when it started is not part of what happened since, and nobody would say it again.
    setTargets()
  }

  const control = controlRoutes({ ledger, faults, publicUrl, webhooks, forget })
  control.route('/payments', payments.control)
  control.route('/sessions', sessions.control)
  const app = new Hono<SandboxEnv>()
  app.route(GATEWAY_PATHS.ipay, orderGatewayRoutes({ ledger, exchange: createExchange(ledger, faults), publicUrl }))
  app.route('/pay', paymentPageRoutes({ ledger, faults, visits }))
  app.route(GATEWAY_PATHS['ipay-payments'], payments.api)
  app.route('/payments', payments.pages)
  app.route(GATEWAY_PATHS['ipay-sessions'], sessions.api)
  app.route('/_sandbox', control)
  app.get('/', pageHeaders, (c) => c.html(startPage(publicUrl(c.req.raw))))
  app.notFound((c) => c.json({ message: 'Not found' }, 404))
  app.onError((error, c) => c.json({ message: `Simulator fault: ${error.message}` }, 500))

  setTargets()

  async function exchange(request: Request): Promise<Outcome> {
    let ended: Outcome | undefined
    const response = await app.fetch(request, {
      end: (outcome: Outcome) => {
        ended = outcome
      },
    })
    // Hono may have added headers to the response that a route handed over.
    return ended ? { ...ended, response } : { response }
  }

  return {
    exchange,
    stop: () => webhooks.stop(),
    async fetch(request) {
      const { response, breakage, delayMs } = await exchange(request)
      if (delayMs) await pause(delayMs, request.signal)
      if (breakage?.kind === 'hang') await pause(2 ** 31 - 1, request.signal)
      if (breakage?.kind === 'drop') throw new TypeError('fetch failed: the simulator closed the connection')
      return breakage?.kind === 'cut' ? cutShort(response, breakage.at) : response
    },
  }
}

/** Waits; rejects with the signal's reason when it aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    const leave = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
}

function cutShort(response: Response, at: number): Response {
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new Uint8Array(await response.arrayBuffer()).slice(0, at))
      controller.error(new TypeError('terminated: the simulator closed the connection'))
    },
  })
  return new Response(body, { status: response.status, headers: response.headers })
}
