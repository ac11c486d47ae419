import '../scripts/node-guard.mjs'
import { fileURLToPath } from 'node:url'
import { isLoopback } from '../src/contract/payment-url.ts'
import { type CrashPoint, createPayments, OrderRefused, openStore, systemClock } from '../src/server/index.ts'
import type { SecretRejected } from '../src/settings/secret-settings.ts'
import { readSettings, type Settings } from '../src/settings/settings.ts'
import { createApp } from './app.ts'
import { priceOrder } from './catalogue.ts'
import { deskRoutes } from './desk/desk.ts'
import { openFulfilments } from './fulfilments.ts'
import { openGateway } from './gateway.ts'
import { builtPages } from './pages.ts'
import { requestLanguage } from './request-language.ts'
import { shopTelemetry } from './shop-telemetry.ts'
import { listen } from './web-server.ts'

/**
 * A shop, put together: settings, store, gateway, payments, pages, one web server. Everything that a merchant's own
 * server would do is in this file and in what it names.
 */

/** What is in flight at SIGTERM gets this long; the process is gone within 10 s. */
const PATIENCE_MS = 8_000
const filesFolder = fileURLToPath(new URL('../dist/demo', import.meta.url))

/** A log there is only once the settings are known; no file has changed before that. */
let rejected: SecretRejected = () => {}
const result = readSettings(process.env, (name, fault) => rejected(name, fault))
if ('problems' in result) {
  fail(result.problems)
} else {
  await start(result.settings).catch((error: unknown) => fail([error instanceof Error ? error.message : String(error)]))
}

/** Opens everything in the order in which it is needed, and says so when the shop answers. */
async function start(settings: Settings): Promise<void> {
  const built = builtPages(filesFolder)
  const server = await listen(settings.port, settings.host)
  const publicUrl = settings.publicUrl ?? new URL(`http://localhost:${server.port}`)
  const isHttps = publicUrl.protocol === 'https:'
  const clock = systemClock(settings.clockOffsetMs)
  const telemetry = shopTelemetry(settings)
  rejected = (name, fault) =>
    telemetry.log('warn', 'secret-rejected', {
      detail: `The file that ${name}_FILE names changed and ${fault}: the value from before stays in force.`,
    })
  const store = await openStore(settings.databaseUrl).catch(inWords)
  const fulfilments = await openFulfilments(store, clock.now)
  const notifications = `http://127.0.0.1:${server.port}/ipay/orders/notifications/${settings.gateway}`
  const { gateway, baseUrl, simulator, stop: stopGateway } = await openGateway(settings, clock, notifications)

  const paymentHosts = [...settings.paymentHosts, ...(settings.gateway === 'ipay' ? [] : [baseUrl.host])]

  const payments = createPayments({
    gateway,
    store,
    clock,
    telemetry,
    endpoint: new URL('/ipay/orders', publicUrl),
    price: (order, { request }) => priceOrder(order, (why) => new OrderRefused(why), requestLanguage(request)),
    onPaid: (payment) => fulfilments.fulfil(payment),
    returnTo: '/thanks',
    allowedOrigins: [...settings.allowedOrigins, ...otherNames(settings, server.port)],
    paymentHosts,
    opensPerMinute: settings.opensPerMinute,
    reached: (point) => endAt(point, settings.crashAt),
  })
  // Without a log-in, so only where there is no money, and nobody else: see there.
  const desk =
    simulator && isLoopback(publicUrl.hostname) ? deskRoutes({ payments, gateway, store, simulator }) : undefined
  const app = createApp({
    payments,
    desk,
    telemetry,
    isHttps,
    gatewayUrl: baseUrl,
    paymentHosts,
    filesFolder,
    metrics: () => telemetry.text(),
    pages: {
      built,
      isHttps,
      paymentHosts,
      environment: gateway.environment,
      hasDesk: desk !== undefined,
      // Before the paid handler has worked, too: a buyer may be back sooner.
      isPaid: async (cartId) =>
        (await store.rows.paymentByPurchase(cartId))?.state === 'paid' || fulfilments.isFulfilled(cartId),
      async payment(token) {
        const [status, row] = await Promise.all([payments.status(token), store.rows.paymentByToken(token)])
        return status && row && { status, order: JSON.parse(row.order_json) }
      },
    },
  })
  server.serve(app.fetch)
  payments.start()
  let isEnding = false
  // Not `once`: a signal to the whole group arrives twice under npm, which passes its own on, and must not cut the end short.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
  console.log(`shop ready at ${publicUrl.origin}`)

  /** Ends in the opposite order: no new request, no new work, and the store only when nobody writes any more. */
  async function stop(): Promise<void> {
    if (isEnding) return
    isEnding = true
    // The last resort, for work that does not end: it is taken up again after the next start.
    setTimeout(() => process.exit(0), PATIENCE_MS + 1_000).unref()
    await Promise.allSettled([server.close(PATIENCE_MS), payments.stop()])
    await stopGateway()
    await store.close()
    process.exit(0)
  }
}

/** Without a PUBLIC_URL the shop is tried out on this machine, under whichever of its names. */
function otherNames({ publicUrl }: Settings, port: number): string[] {
  return publicUrl ? [] : [`http://127.0.0.1:${port}`]
}

/** What the database itself says is not always a sentence, and never what to change. */
function inWords(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error)
  throw message.endsWith('.')
    ? error
    : new Error(`The database cannot be used (${message || 'no answer'}): check DATABASE_URL and that it is reachable.`)
}

/** For tests: the power cut at a named point. */
function endAt(point: CrashPoint, chosen: CrashPoint | null): void {
  if (point === chosen) process.kill(process.pid, 'SIGKILL')
}

/** One sentence a line, and nothing runs. */
function fail(sentences: readonly string[]): never {
  for (const sentence of sentences) console.error(sentence)
  process.exit(1)
}
