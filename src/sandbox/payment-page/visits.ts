import { randomBytes, randomInt } from 'node:crypto'
import type { Member } from './members.ts'

/** One member's way through the pages of one order, after the PIN was right. */
export interface Visit {
  readonly id: string
  readonly orderId: string
  readonly member: Member
  /** The one-time code. */
  readonly code: string
  verified: boolean
}

/** Wrong PINs, or wrong codes, that an order takes before it fails. */
export const TRIES = 3
const KEPT = 10_000

/** Visits by an unguessable id that travels in the page's address, so that no cookie is needed. Lost on restart. */
export class Visits {
  readonly #visits = new Map<string, Visit>()
  readonly #wrong = new Map<string, number>()

  begin(orderId: string, member: Member): Visit {
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    const visit = { id: randomBytes(16).toString('base64url'), orderId, member, code, verified: false }
    this.#visits.set(visit.id, visit)
    for (const [id] of this.#visits) if (this.#visits.size > KEPT) this.#visits.delete(id)
    return visit
  }

  find(orderId: string, id: string | undefined): Visit | undefined {
    const visit = this.#visits.get(id ?? '')
    return visit?.orderId === orderId ? visit : undefined
  }

  /** How many wrong tries are left for this order. */
  triesLeft(orderId: string): number {
    return TRIES - (this.#wrong.get(orderId) ?? 0)
  }

  /** Counts a wrong try; returns how many are left. */
  wrongTry(orderId: string): number {
    this.#wrong.set(orderId, (this.#wrong.get(orderId) ?? 0) + 1)
    return this.triesLeft(orderId)
  }

  /** Starts the count anew, after a right one. */
  rightTry(orderId: string): void {
    this.#wrong.delete(orderId)
  }

  forget(): void {
    this.#visits.clear()
    this.#wrong.clear()
  }
}
