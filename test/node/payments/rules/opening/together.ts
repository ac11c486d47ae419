import assert from 'node:assert/strict'
import type { Opened } from '../../../../../src/server/payments/service.ts'
import { ProblemError } from '../../../../../src/server/problem-error.ts'
import type { Kit } from '../../kit.ts'

const COME_BACK = ['in-progress', 'unavailable']

/** Presses that end in the same order, or in a word to come back; any other outcome fails the test. */
export async function together(kit: Kit, presses: readonly (() => Promise<Opened>)[]): Promise<Opened[]> {
  const results = await kit.run(Promise.allSettled(presses.map((press) => press())))
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value]
    // A crowd is larger than the pool of connections: on a slow machine some of it are told to come back for that.
    const { reason } = result
    assert.ok(reason instanceof ProblemError && COME_BACK.includes(reason.code), String(reason))
    assert.ok((reason.extras.retryAfter ?? 0) >= 1)
    return []
  })
}
