import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { GatewayReading } from '../../../../src/server/gateways/port.ts'
import type { Deps } from '../../../../src/server/payments/deps.ts'
import { openPayment } from '../../../../src/server/payments/open-payment.ts'
import type { AttemptReader } from '../../../../src/server/payments/read-attempt.ts'
import type { OpenInput } from '../../../../src/server/payments/service.ts'
import { ProblemError } from '../../../../src/server/problem-error.ts'
import type { AttemptRow, PaymentRow } from '../../../../src/server/store/port.ts'
import { createDesk, type Desk } from '../desk.ts'
import { INPUT } from '../press-input.ts'

interface Press {
  readonly input?: Partial<OpenInput>
  readonly deps?: Partial<Deps>
  /** What the reader finds out, one for each question; afterwards nothing. */
  readonly reads?: readonly (GatewayReading | undefined)[]
  readonly during?: (desk: Desk, question: number) => Promise<void>
}

/** One press, with the clock moved on whenever it waits for nothing else. */
export async function press(desk: Desk, { input, deps, reads = [], during }: Press = {}) {
  const asked: (readonly [string, string, number])[] = []
  const reader: AttemptReader = {
    isAsking: () => false,
    async read(attempt, cause, maxAgeMs) {
      asked.push([attempt.id, cause, maxAgeMs])
      await during?.(desk, asked.length)
      return reads[asked.length - 1]
    },
  }
  let done = false
  const work = openPayment({ ...desk.deps, ...deps }, reader, { ...INPUT, ...input })
    .then(
      (opened) => ({ opened, problem: undefined }),
      (problem: unknown) => ({ opened: undefined, problem }),
    )
    .finally(() => {
      done = true
    })
  for (let i = 0; !done; i++) {
    await turn()
    if (i % 8 === 7 && desk.clock.nextInMs !== undefined) await desk.clock.advance(desk.clock.nextInMs)
  }
  return { asked, ...(await work) }
}

/** The code of the problem that a press ends in, and what comes with it. */
export async function problemOf(desk: Desk, options?: Press) {
  const { problem } = await press(desk, options)
  assert.ok(problem instanceof ProblemError, String(problem))
  return [problem.code, problem.extras] as const
}

/** A purchase with one attempt. */
export async function standing(attempt: Partial<AttemptRow> = {}, payment: Partial<PaymentRow> = {}) {
  const desk = createDesk()
  await desk.payment(payment)
  await desk.attempt(attempt)
  return desk
}
