import { createHash } from 'node:crypto'
import { Documents } from '../documents.ts'
import type { Journal } from '../journal.ts'
import { ApiError } from './api-error.ts'

interface Kept {
  readonly fingerprint: string
  readonly status: number
  readonly body: string
}

/** Every write's answer by its `Idempotency-Key`, for ever. */
export class Idempotency {
  readonly #kept: Documents<Kept>
  readonly #running = new Map<string, Promise<unknown>>()

  /** `name` tells the keys of one system from those of another. */
  constructor(name: string, journal: Journal) {
    this.#kept = new Documents(`${name}-idempotency`, journal)
  }

  /**
   * The answer that the first request with this key got, or what `work` answers now. Answers of 400 are not kept, so
   * that a corrected request may use the key again.
   * @throws ApiError 400 without a key, 409 when the key was used for another request.
   */
  async once(request: Request, body: string, work: () => Promise<Response>): Promise<Response> {
    const key = request.headers.get('idempotency-key') ?? ''
    if (!/^[!-~]{1,255}$/.test(key)) throw new ApiError(400, 'idempotency_key_missing', 'Idempotency-Key is required')
    const path = new URL(request.url).pathname
    const fingerprint = createHash('sha256').update(`${request.method} ${path}\n${body}`).digest('hex')
    // The first request with a key is finished before the second is looked at.
    while (this.#running.has(key)) await this.#running.get(key)
    const kept = this.#kept.get(key)
    if (kept && kept.fingerprint !== fingerprint) {
      throw new ApiError(409, 'idempotency_key_reused', 'This Idempotency-Key was used for another request')
    }
    if (kept) return reply(kept, { 'Idempotent-Replayed': 'true' })
    const running = this.#run(key, fingerprint, work)
    this.#running.set(key, running)
    try {
      return reply(await running)
    } finally {
      this.#running.delete(key)
    }
  }

  async #run(key: string, fingerprint: string, work: () => Promise<Response>): Promise<Kept> {
    const answer = await work()
    const first = { fingerprint, status: answer.status, body: await answer.text() }
    return answer.status === 400 ? first : this.#kept.put(key, first)
  }

  forget(): void {
    this.#kept.forget()
  }
}

const reply = ({ status, body }: Kept, headers: Readonly<Record<string, string>> = {}) =>
  new Response(body, { status, headers: { 'Content-Type': 'application/json', ...headers } })
