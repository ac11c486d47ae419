/** A change that no test can notice, because the program does the same with and without it. */
export interface Equivalent {
  readonly file: string
  /** The line before and after the change, with single spaces. */
  readonly before: string
  readonly after: string
  readonly why: string
}

/** Such changes, each with its reason; printed by `scripts/mutate.ts` and left out of the score. */
export const EQUIVALENT: readonly Equivalent[] = [
  {
    file: 'src/contract/payment-url.ts',
    before: 'if (!url || url.username || url.password || !isAllowedHost(url, rules)) return undefined',
    after: 'if (!url || url.username && url.password || !isAllowedHost(url, rules)) return undefined',
    why: 'the rule on the text refuses every @ before the path already; looked at a second time on purpose',
  },
  {
    file: 'src/server/payments/settle-attempt.ts',
    before: 'const readAtOf = (row: AttemptRow, now: number) => (row.read_at > now + AHEAD_MS ? 0 : row.read_at)',
    after: 'const readAtOf = (row: AttemptRow, now: number) => (row.read_at > now + AHEAD_MS ? (0 + 1) : row.read_at)',
    why: 'every question was asked after both instants, which lie in 1970',
  },
  {
    file: 'src/server/payments/record-opening.ts',
    before:
      "const changes = { state: 'failed' as const, reason, order_id: orderId, next_check_at: next('failed', null) }",
    after: "const changes = { state: 'failed' as const, reason, order_id: orderId, next_check_at: next('', null) }",
    why: 'whatever is neither open nor paid nor refused is asked about with the same pauses',
  },
  {
    file: 'src/server/payments/open-payment.ts',
    before: 'const WAIT_FOR_OTHER_MS = 1_000',
    after: 'const WAIT_FOR_OTHER_MS = (1_000 + 1)',
    why: 'the steps add up to 900 and 1,150 ms; nothing lies between',
  },
  {
    file: 'src/server/payments/open-payment.ts',
    before: 'for (let waited = 0; waited <= WAIT_FOR_OTHER_MS; ) {',
    after: 'for (let waited = 0; waited < WAIT_FOR_OTHER_MS; ) {',
    why: 'the steps add up to 900 and 1,150 ms; nothing lies between',
  },
]
