import { ProblemError } from '../problem-error.ts'

const MOST = 2_000
const MOST_PER_CLIENT = 100
const MOST_PER_TOKEN = 8

/** Counts open streams: in all, for each client address and for each payment. */
export interface StreamLimits {
  /**
   * Takes a place and returns the function that gives it back, once.
   * @throws ProblemError `unavailable` when all places are taken, `too-many-requests` when this client or payment has its share
   */
  take(client: string | null, token: string): () => void
}

export function createStreamLimits(): StreamLimits {
  const open = new Map<string, number>()
  const count = (name: string) => open.get(name) ?? 0
  const add = (name: string, by: 1 | -1) => {
    const sum = count(name) + by
    if (sum > 0) open.set(name, sum)
    else open.delete(name)
  }
  return {
    take(client, token) {
      const mine = client === null ? [] : [`client ${client}`]
      if (count('all') >= MOST) throw new ProblemError('unavailable', 'too many open streams', { retryAfter: 30 })
      const isOver = count(`token ${token}`) >= MOST_PER_TOKEN || mine.some((name) => count(name) >= MOST_PER_CLIENT)
      if (isOver) throw new ProblemError('too-many-requests', 'too many open streams', { retryAfter: 30 })
      const names = ['all', `token ${token}`, ...mine]
      for (const name of names) add(name, 1)
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        for (const name of names) add(name, -1)
      }
    },
  }
}
