import assert from 'node:assert/strict'
import { bdt } from '../../../../src/contract/money.ts'
import { claimOpening } from '../../../../src/server/payments/claim-opening.ts'
import type { Quote } from '../../../../src/server/payments/deps.ts'
import type { OpenInput } from '../../../../src/server/payments/service.ts'
import { ProblemError } from '../../../../src/server/problem-error.ts'
import type { Rows } from '../../../../src/server/store/port.ts'
import type { Desk } from '../desk.ts'
import { INPUT, QUOTE } from '../press-input.ts'

/** The same purchase after its price fell. */
export const CHEAPER: Quote = { ...QUOTE, amount: bdt('999.00') }

export const MINUTE = 60_000
/** A new attempt of which nobody knows whether the gateway has an order. */
export const lost = { state: 'opening', order_id: null, payment_url: null, expires_at: null } as const

interface Ask {
  readonly input?: Partial<OpenInput>
  readonly quote?: Quote
  readonly isNew?: boolean
  /** Whether the gateway was asked about the attempts before; default yes, which only matters for those that ended. */
  readonly isAsked?: boolean
  /** Wraps the rows, to let somebody else be quicker. */
  readonly rows?: (rows: Rows) => Rows
}

export const decide = (
  desk: Desk,
  { input, quote = QUOTE, isNew, isAsked = true, rows: wrap = (rows) => rows }: Ask = {},
) =>
  desk.store.transaction((rows) =>
    claimOpening(desk.deps, wrap(rows), { ...INPUT, ...input }, quote, isNew, () => isAsked),
  )

export async function problem(desk: Desk, ask: Ask): Promise<ProblemError> {
  const decision = await decide(desk, ask).catch((error: unknown) => error)
  assert.ok(decision instanceof ProblemError, JSON.stringify(decision))
  return decision
}
