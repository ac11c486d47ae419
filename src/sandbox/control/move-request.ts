import type { Change, OrderState } from '../ledger/order.ts'

/** The last segment of a control request, and the state that it leads to. */
export const MOVES = {
  process: 'processing',
  authorize: 'authorized',
  pay: 'paid',
  cancel: 'cancelled',
  fail: 'failed',
  expire: 'expired',
  error: 'error',
} as const satisfies Record<string, OrderState>
export type Move = keyof typeof MOVES

export const isMove = (word: string): word is Move => Object.hasOwn(MOVES, word)

/**
 * Reads the optional JSON body of a control request:
 *
 * - `reason`: why it failed (`fail` only; default `declined`);
 * - `amount` or `orderAmount`: the amount that the status reports in place of the true one; null leaves it out;
 * - `statusCode`, `label`, `transactionId`, `transactionTime`: the same for those members of the status;
 * - `answer`: an object of any members, laid over the status as they are.
 *
 * @throws TypeError that says what is wrong.
 */
export function parseMove(move: Move, body: unknown): Omit<Change, 'at'> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new TypeError('send a JSON object, or nothing')
  const { reason, amount, label, answer, ...others } = body as Readonly<Record<string, unknown>>
  if (reason !== undefined && (typeof reason !== 'string' || !/^[a-z-]{1,64}$/.test(reason))) {
    throw new TypeError('"reason" has to be a word such as "insufficient-balance"')
  }
  if (answer !== undefined && (typeof answer !== 'object' || answer === null)) {
    throw new TypeError('"answer" has to be an object')
  }
  const known = ['orderAmount', 'statusCode', 'transactionId', 'transactionTime']
  const strange = Object.keys(others).find((name) => !known.includes(name))
  if (strange !== undefined) throw new TypeError(`unknown member "${strange}"`)
  const replaced: Record<string, unknown> = { ...others, ...answer }
  if (amount !== undefined) replaced['orderAmount'] = amount
  if (label !== undefined) replaced['status'] = label
  const leaveOut = replaced['orderAmount'] === null ? ['orderAmount'] : []
  return {
    state: MOVES[move],
    ...(move === 'fail' && { reason: reason ?? 'declined' }),
    ...(Object.keys(replaced).length > 0 && { answer: replaced }),
    ...(leaveOut.length > 0 && { leaveOut }),
  }
}
