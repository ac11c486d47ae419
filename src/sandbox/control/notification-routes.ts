/**
 * Control of the webhooks that the simulators send:
 *
 * - `GET /_sandbox/events` → every event with its deliveries, oldest first
 * - `POST /_sandbox/events` `{ sender, type, data }` → makes any event, also ones that nothing led to
 * - `POST /_sandbox/events/{id}/replay` `{ times? }` → sends one again, right now; the receiver's answers
 * - `POST /_sandbox/events/release` `{ sender, ids?, reverse? }` → sends what was held back, one after the other, in the
 *   order of `ids` (default: oldest first); the receiver's answers
 * - `PUT /_sandbox/webhooks` `{ sender, url, secret, hold?, duplicates?, retryMs? }` → where events go; see {@link WebhookTarget}
 *
 * `sender` is `ipay-payments` or `ipay-sessions`. The fault place `notify` strikes the sending.
 */
import { Hono } from 'hono'
import { WEBHOOK_SENDERS, type WebhookEvent, type WebhookSender, type Webhooks } from '../notifications/webhooks.ts'
import type { SandboxEnv } from '../sandbox-env.ts'
import { badRequest, refusal } from './replies.ts'

type Fields = Readonly<Record<string, unknown>>

const instant = (at: number) => new Date(at).toISOString()

/** An event as the control requests show it. */
const eventView = ({ body, at, deliveries, ...event }: WebhookEvent) => ({
  ...event,
  at: instant(at),
  body: JSON.parse(body) as unknown,
  deliveries: deliveries.map((delivery) => ({ ...delivery, at: instant(delivery.at) })),
})

function senderOf({ sender }: Fields): WebhookSender {
  const known = WEBHOOK_SENDERS.find((name) => name === sender)
  if (!known) throw new TypeError(`"sender" has to be one of ${WEBHOOK_SENDERS.join(', ')}`)
  return known
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0

function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '') throw new TypeError(`"${name}" has to be text`)
  return value
}

function targetOf(fields: Fields) {
  const { hold = false, duplicates = 0, retryMs } = fields
  const url = textOf(fields, 'url')
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new TypeError('"url" has to be an http(s) URL')
  if (typeof hold !== 'boolean') throw new TypeError('"hold" has to be true or false')
  if (!isCount(duplicates)) throw new TypeError('"duplicates" has to be a whole number')
  if (retryMs !== undefined && !(Array.isArray(retryMs) && retryMs.every(isCount))) {
    throw new TypeError('"retryMs" has to be a list of milliseconds')
  }
  const pauses = retryMs === undefined ? {} : { retryMs: retryMs.map(Number) }
  return { url, secret: textOf(fields, 'secret'), hold, duplicates: Number(duplicates), ...pauses }
}

export function notificationControl(webhooks: Webhooks): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>()

  /** Sends these one after the other, so that they arrive in this order. */
  async function sendAll(ids: readonly string[]) {
    const answers = []
    for (const id of ids) answers.push({ id, status: (await webhooks.send(id))?.status ?? null })
    return answers
  }

  app.get('/events', (c) => c.json(webhooks.all().map(eventView)))

  app.post('/events', async (c) => {
    try {
      const fields: Fields = await c.req.json()
      const { data = {} } = fields
      const type = textOf(fields, 'type')
      const seconds = (at: number) => Math.floor(at / 1000)
      const event = webhooks.emit(senderOf(fields), type, (id, at) => ({ id, type, created: seconds(at), data }))
      return c.json(eventView(event), 201)
    } catch (error) {
      return badRequest(error)
    }
  })

  app.post('/events/release', async (c) => {
    try {
      const fields: Fields = await c.req.json()
      const held = webhooks.undelivered(senderOf(fields)).map(({ id }) => id)
      const { ids = held, reverse = false } = fields
      if (!Array.isArray(ids) || !ids.every((id) => webhooks.get(String(id))))
        throw new TypeError('"ids" has an unknown event')
      return c.json(await sendAll(reverse === true ? ids.map(String).reverse() : ids.map(String)))
    } catch (error) {
      return badRequest(error)
    }
  })

  app.post('/events/:id/replay', async (c) => {
    const id = c.req.param('id')
    if (!webhooks.get(id)) return refusal(404, 'No such event')
    try {
      const text = await c.req.text()
      const { times = 1 } = text === '' ? {} : JSON.parse(text)
      if (!isCount(times)) throw new TypeError('"times" has to be a whole number')
      return c.json(await sendAll(Array.from({ length: Number(times) }, () => id)))
    } catch (error) {
      return badRequest(error)
    }
  })

  app.put('/webhooks', async (c) => {
    try {
      const fields: Fields = await c.req.json()
      webhooks.configure(senderOf(fields), targetOf(fields))
      return c.body(null, 204)
    } catch (error) {
      return badRequest(error)
    }
  })
  return app
}
