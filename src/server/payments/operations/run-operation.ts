import type { AttemptWrite, GatewayCall, RefundReason, WriteOutcome } from '../../gateways/port.ts'
import type { AttemptRow, OperationRow } from '../../store/port.ts'
import { withDeadline } from '../deadline.ts'
import type { Deps } from '../deps.ts'
import type { AttemptReader } from '../read-attempt.ts'
import { type OperationResult, resultOf } from './operation.ts'
import { recordOperation } from './record-operation.ts'

const WRITE_DEADLINE_MS = 8_000

/** Sends written operations to the gateway and writes down what came of them. */
export interface OperationRunner {
  /** Asks the gateway unless the outcome is known. Those who ask for the same row at the same time share one question. */
  run(row: OperationRow): Promise<OperationResult>
}

export function createOperationRunner(deps: Deps, reader: AttemptReader): OperationRunner {
  const running = new Map<string, Promise<OperationResult>>()

  async function ask(row: OperationRow): Promise<OperationResult> {
    const attempt = await deps.store.rows.attempt(row.attempt_id)
    if (!attempt) throw new Error('The attempt of this operation is gone')
    if (row.state === 'done' || row.state === 'refused') return resultOf(row, attempt.currency)
    let outcome = await write(deps, row, attempt)
    // Once more at once under the same key: the usual lost answer is over by then, and the gateway acts only once.
    if (outcome.kind === 'unknown' && outcome.retryAfterSeconds === undefined) outcome = await write(deps, row, attempt)
    const after = await recordOperation(deps, row, outcome)
    if (after.state === 'done') {
      const now = (await deps.store.rows.attempt(attempt.id)) ?? attempt
      await reader.read(now, 'operator', 0)
    }
    return resultOf(after, attempt.currency)
  }

  return {
    run(row) {
      const other = running.get(row.id)
      if (other) return other
      const question = ask(row).finally(() => running.delete(row.id))
      running.set(row.id, question)
      return question
    },
  }
}

async function write(deps: Deps, row: OperationRow, attempt: AttemptRow): Promise<WriteOutcome> {
  const started = performance.now()
  const outcome = await withDeadline(deps.clock, WRITE_DEADLINE_MS, (signal) => send(deps, row, attempt, { signal }))
  const seconds = (performance.now() - started) / 1_000
  deps.telemetry.observe('ipay_gateway_seconds', seconds, { operation: row.kind, outcome: outcome.kind })
  return outcome
}

async function send(deps: Deps, row: OperationRow, attempt: AttemptRow, call: GatewayCall): Promise<WriteOutcome> {
  const { gateway } = deps
  if (attempt.gateway !== gateway.name || attempt.order_id === null) {
    return { kind: 'unknown', detail: `the attempt belongs to ${attempt.gateway}, which is not in use` }
  }
  const wanted: AttemptWrite = {
    reference: attempt.reference,
    orderId: attempt.order_id,
    amount: { minor: row.amount ?? attempt.amount, currency: attempt.currency },
    idempotencyKey: row.id,
  }
  if (row.kind === 'refund' && gateway.refunds) {
    return gateway.refunds.refund({ ...wanted, reason: row.reason as RefundReason }, call)
  }
  if (row.kind === 'capture' && gateway.capture) return gateway.capture.capture(wanted, call)
  if (row.kind === 'void' && gateway.cancel) return gateway.cancel.cancel(wanted, call)
  return { kind: 'unknown', detail: `this gateway has no ${row.kind}` }
}
