import type { GatewayReading } from '../../../../src/server/gateways/port.ts'
import { type Cause, settleAttempt } from '../../../../src/server/payments/settle-attempt.ts'
import type { AttemptRow, PaymentRow } from '../../../../src/server/store/port.ts'
import { createDesk, type Desk, says } from '../desk.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const OPENED_AT = Date.UTC(2026, 10, 21, 12)
/** The age of the attempt at the answer unless a test names another one. */
export const AGE = 2 * MINUTE

interface Scene {
  readonly attempt?: Partial<AttemptRow>
  readonly payment?: Partial<PaymentRow>
  readonly others?: readonly Partial<AttemptRow>[]
  readonly age?: number
  /** When the question was asked; default at the age. */
  readonly askedAfter?: number
  readonly cause?: Cause
}

/** Settles one answer, and tells what it changed. */
export async function settled(reading: GatewayReading, scene: Scene = {}) {
  const desk = createDesk()
  const payment = await desk.payment(scene.payment)
  for (const other of scene.others ?? []) await desk.attempt(other)
  const attempt = await desk.attempt(scene.attempt)
  const { age = AGE, askedAfter = age, cause = 'status' } = scene
  await desk.clock.advance(age)
  await settleAttempt(desk.deps, attempt.id, reading, desk.openedAt + askedAfter, cause)
  return {
    desk,
    now: desk.openedAt + age,
    attempt: desk.attemptSince(attempt),
    payment: desk.paymentSince(payment),
    flags: [...desk.store.tables.flags.values()].map(({ kind }) => kind),
  }
}

/** The kinds of alarm that were raised, oldest first. */
export const alarms = (desk: Desk) => desk.said.filter(([what]) => what === 'alarm').map(([, kind]) => kind)
/** What was counted, by name and labels. */
export const counts = (desk: Desk) => desk.said.filter(([what]) => what === 'count').map(([, ...count]) => count)
/** The gateway says that the order is paid. */
export const paid = (more = {}) => says('paid', { transactionId: 'T-1', paidAt: 1_234, ...more })
