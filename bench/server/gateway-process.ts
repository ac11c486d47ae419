/**
 * The gateway of the bench: answers each call after a fixed time, as the order gateway would. A process of its own, so
 * that its work is not counted as the shop's. Arguments: answer time in ms.
 */
import { createServer } from 'node:http'

const answerMs = Number(process.argv[2] ?? 100)
const orders = new Map<string, { orderId: string; amount: number; paid: boolean }>()
const calls = { create: 0, status: 0 }
/** Share of status answers that are a 503, for the run in which everything else gets lost too. */
let failing = 0
/** While set, nothing is answered at all. */
let hanging = false

createServer(async (request, response) => {
  const url = request.url ?? '/'
  const say = (status: number, body: unknown, ms = answerMs) =>
    setTimeout(() => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }, ms)
  if (url === '/calls') return say(200, { ...calls, orders: orders.size }, 0)
  if (url.startsWith('/fail/')) {
    failing = Number(url.slice(6))
    return say(200, {}, 0)
  }
  if (url === '/pay-all') {
    for (const order of orders.values()) order.paid = true
    return say(200, {}, 0)
  }
  if (url === '/hang' || url === '/wake') {
    hanging = url === '/hang'
    return say(200, {}, 0)
  }
  if (hanging) return
  if (request.method === 'POST') {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    calls.create += 1
    const orderId = `IPAY-${orders.size + 1}`
    orders.set(body.referenceId, { orderId, amount: body.amount, paid: false })
    const paymentUrl = `http://127.0.0.1/pay/${orderId}`
    return say(200, { message: 'Order placed successfully', orderId, paymentUrl, referenceId: body.referenceId })
  }
  calls.status += 1
  if (Math.random() < failing) return say(503, { message: 'busy' })
  const referenceId = url.split('/').at(-2) ?? ''
  const order = orders.get(referenceId)
  if (!order) return say(404, { message: 'no such order' })
  return say(200, {
    statusCode: order.paid ? 200 : 100,
    status: order.paid ? 'Successfully paid' : 'Order created',
    orderId: order.orderId,
    referenceId,
    orderAmount: order.amount,
    transactionId: order.paid ? `T-${order.orderId}` : null,
    transactionTime: order.paid ? '21 Nov 2026 18:00:00.000 BDT' : null,
  })
}).listen(0, '127.0.0.1', function (this: import('node:net').Server) {
  const address = this.address()
  console.log(JSON.stringify({ port: typeof address === 'object' ? address?.port : 0 }))
})
