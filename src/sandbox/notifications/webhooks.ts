import { createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { Documents } from '../documents.ts'
import type { FaultPlan } from '../faults/fault-plan.ts'
import type { Journal } from '../journal.ts'
import { deliver } from './deliver.ts'

/** Which simulated systems send webhooks. */
export const WEBHOOK_SENDERS = ['ipay-payments', 'ipay-sessions'] as const
export type WebhookSender = (typeof WEBHOOK_SENDERS)[number]

/** Where the events of one system go. */
export interface WebhookTarget {
  readonly url: string
  /** Shared secret of the signature. */
  readonly secret: string
  /** Keep events back until they are sent by hand. Left out: send at once. */
  readonly hold?: boolean
  /** How many further times each event is sent. Left out: 0. */
  readonly duplicates?: number
  /** Pauses before each new try, in milliseconds of real time. Left out: one second, doubling, ten tries. */
  readonly retryMs?: readonly number[]
}

/** One try to deliver. */
export interface Delivery {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The receiver's HTTP status; null when there was none. */
  readonly status: number | null
}

/** An event and what became of it. */
export interface WebhookEvent {
  readonly id: string
  readonly sender: WebhookSender
  readonly type: string
  /** The exact text that is sent and signed. */
  readonly body: string
  readonly at: number
  readonly deliveries: readonly Delivery[]
}

const RETRY_MS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256].map((count) => count * 1000)

/** Hex HMAC-SHA256 of the body: the value of `ipay-signature`. */
export const signatureOf = (body: string, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex')

/** Sends signed events, again and again until the receiver answers 2xx, and keeps them for ever. */
export class Webhooks {
  readonly #clock: Clock
  readonly #faults: FaultPlan
  readonly #events: Documents<WebhookEvent>
  readonly #targets: Documents<WebhookTarget>
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #stopped = new AbortController()
  readonly #listeners = new Set<(event: WebhookEvent) => void>()

  constructor(clock: Clock, faults: FaultPlan, journal: Journal) {
    this.#clock = clock
    this.#faults = faults
    this.#events = new Documents('webhook-events', journal)
    this.#targets = new Documents('webhook-targets', journal)
  }

  /** Sets where the events of one system go from now on, and sends it what it has not got yet. */
  configure(sender: WebhookSender, target: WebhookTarget): void {
    this.#targets.put(sender, target)
    if (!target.hold) for (const event of this.undelivered(sender)) this.#try(event.id, 0)
  }

  target(sender: WebhookSender): WebhookTarget | undefined {
    return this.#targets.get(sender)
  }

  /** Makes an event; `build` gets its id and time (milliseconds since 1970) and gives the body. */
  emit(sender: WebhookSender, type: string, build: (id: string, at: number) => object): WebhookEvent {
    const id = `evt_${randomBytes(12).toString('hex')}`
    const at = this.#clock.now()
    const body = JSON.stringify(build(id, at))
    const event = this.#events.put(id, { id, sender, type, body, at, deliveries: [] })
    const target = this.#targets.get(sender)
    if (target && !target.hold) for (let copy = 0; copy <= (target.duplicates ?? 0); copy += 1) this.#try(id, 0)
    for (const listener of this.#listeners) listener(event)
    return event
  }

  /** All events, oldest first. */
  all(): WebhookEvent[] {
    return this.#events.all()
  }

  get(id: string): WebhookEvent | undefined {
    return this.#events.get(id)
  }

  undelivered(sender: WebhookSender): WebhookEvent[] {
    return this.all().filter(
      (event) => event.sender === sender && !event.deliveries.some(({ status }) => isGood(status)),
    )
  }

  /** Sends one event now, whatever became of it before, and resolves with what the receiver answered. */
  async send(id: string): Promise<Delivery | undefined> {
    const event = this.#events.get(id)
    const target = event && this.#targets.get(event.sender)
    if (!event || !target) return undefined
    const request = { url: target.url, body: event.body, signature: signatureOf(event.body, target.secret) }
    const status = await deliver(request, this.#faults.take('notify'), this.#stopped.signal)
    const delivery = { at: this.#clock.now(), status }
    // Another delivery of the same event may have ended meanwhile; or everything was forgotten.
    const now = this.#events.get(id)
    if (now && !this.#stopped.signal.aborted)
      this.#events.put(id, { ...now, deliveries: [...now.deliveries, delivery] })
    return delivery
  }

  /** Calls `listener` with each event that is made from now on; returns what stops that. */
  onEvent(listener: (event: WebhookEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Forgets events and targets. */
  forget(): void {
    this.#clearTimers()
    this.#events.forget()
    this.#targets.forget()
  }

  /** Ends every delivery and retry. */
  stop(): void {
    this.#clearTimers()
    this.#stopped.abort()
  }

  #try(id: string, tries: number): void {
    const event = this.#events.get(id)
    const pauses = (event && this.#targets.get(event.sender)?.retryMs) ?? RETRY_MS
    void this.send(id).then((delivery) => {
      const pause = pauses[tries]
      if (!delivery || isGood(delivery.status) || pause === undefined || this.#stopped.signal.aborted) return
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        this.#try(id, tries + 1)
      }, pause)
      timer.unref()
      this.#timers.add(timer)
    })
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}

const isGood = (status: number | null) => status !== null && status >= 200 && status < 300
