/**
 * The shop of the bench: the kit on a database, or the floor, a bare handler that commits one row and calls the same
 * gateway. Arguments: `kit`, `notified` (the kit, with a gateway that sends notifications) or `floor`, the database address,
 * the gateway's origin, and the secret of its notifications. `GET /_usage` tells what it used.
 */
import { DatabaseSync } from 'node:sqlite'
import { serve } from '@hono/node-server'
import { readEvent } from '../../src/server/gateways/ipay-payments/events.ts'
import { bdt, createPayments, ipayGateway, openStore, silent } from '../../src/server/index.ts'

const [kind = 'kit', databaseUrl = 'file::memory:', gatewayUrl = '', secret = ''] = process.argv.slice(2)
let fulfilled = 0

async function kit(): Promise<(request: Request) => Promise<Response>> {
  const gateway = ipayGateway({ environment: 'sandbox', apiKey: 'bench', baseUrl: gatewayUrl })
  const notifications = { signatureHeader: 'ipay-signature', secrets: () => [secret], read: readEvent }
  const payments = createPayments({
    gateway: kind === 'notified' ? { ...gateway, name: 'bench', notifications } : gateway,
    store: await openStore(databaseUrl),
    telemetry: silent,
    endpoint: new URL('http://127.0.0.1:3000/orders'),
    price: (order) => ({ purchaseId: (order as { cart: string }).cart, amount: bdt('1250.00'), description: 'Mugs' }),
    onPaid: () => {
      fulfilled += 1
    },
    opensPerMinute: 0,
  })
  if (process.env['BENCH_IDLE'] !== '1') payments.start()
  return (request) => payments.fetch(request, {})
}

function floor(): (request: Request) => Promise<Response> {
  const db = new DatabaseSync(databaseUrl.replace(/^file:/, ''))
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
  db.exec('create table if not exists orders (id text primary key, body text)')
  const insert = db.prepare('insert into orders values (?, ?)')
  return async (request) => {
    const body = await request.text()
    const referenceId = crypto.randomUUID()
    insert.run(referenceId, body)
    const reply = await fetch(`${gatewayUrl}/order`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
      body: JSON.stringify({ referenceId, amount: 1250, description: 'Mugs' }),
    })
    const { paymentUrl } = (await reply.json()) as { paymentUrl: string }
    return Response.json({ paymentUrl }, { status: 201 })
  }
}

const handler = kind === 'floor' ? floor() : await kit()
const server = serve(
  {
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => (request.url.endsWith('/_usage') ? usage() : handler(request)),
  },
  ({ port }) => console.log(JSON.stringify({ port })),
)
// A connection that the load generator has left alone for 5 s would be closed just as it sends the next request.
if ('keepAliveTimeout' in server) server.keepAliveTimeout = 65_000

function usage(): Response {
  const { user, system } = process.cpuUsage()
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  return Response.json({ cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage.rss() / 1e6, fulfilled, sockets })
}
