import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ProblemError } from '../problem-error.ts'

/** How the other limits follow from "new attempts per client and minute". */
const RESUMES_PER_OPEN = 10
const READS_PER_OPEN = 100
const ALL_CLIENTS = 100

/** Each function counts one thing and throws ProblemError `too-many-requests` with the seconds left when it is one too many. */
export interface RateLimits {
  /** Any open request. The new attempts come on top of those that resume, so that neither uses up the other's share. */
  request(client: string | null): Promise<void>
  /** A new attempt at the gateway; called when it is certain that one would be made. */
  attempt(client: string | null): Promise<void>
  /**
   * The open request neither opened nor resumed: it was refused, or is no request. Its point comes back, so that the client's
   * next ones are as good as ever, until a minute has seen as many of these as may resume; a flood of them is counted.
   */
  fruitless(client: string | null): Promise<void>
  /** A status question. */
  read(client: string | null): Promise<void>
}

const UNLIMITED: RateLimits = { async request() {}, async attempt() {}, async fruitless() {}, async read() {} }

/**
 * Rate limits of one process, in windows of a minute that begin with a client's first request. A caller whose address
 * nobody knows is held by the budget of all clients alone: one bucket for all of them would let one robot lock out
 * every buyer. `opensPerMinute` 0 switches all of it off.
 */
export function createRateLimits(opensPerMinute: number): RateLimits {
  if (!(opensPerMinute > 0)) return UNLIMITED
  const bucket = (points: number) => new RateLimiterMemory({ points: Math.ceil(points), duration: 60 })
  const requests = bucket(opensPerMinute * (1 + RESUMES_PER_OPEN))
  const attempts = bucket(opensPerMinute)
  const pardons = bucket(opensPerMinute * RESUMES_PER_OPEN)
  const reads = bucket(opensPerMinute * READS_PER_OPEN)
  const everybody = bucket(opensPerMinute * ALL_CLIENTS)

  return {
    request: async (client) => take(requests, client),
    read: async (client) => take(reads, client),
    async fruitless(client) {
      if (client === null) return
      await pardons.consume(client).then(
        () => requests.reward(client, 1),
        () => undefined,
      )
    },
    async attempt(client) {
      await take(attempts, client)
      try {
        await take(everybody, 'everybody')
      } catch (error) {
        if (client !== null) await attempts.reward(client, 1)
        throw error
      }
    },
  }
}

async function take(limiter: RateLimiterMemory, client: string | null): Promise<void> {
  if (client === null) return
  try {
    await limiter.consume(client)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new ProblemError('too-many-requests', undefined, { retryAfter: Math.ceil(refusal.msBeforeNext / 1000) })
  }
}
