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
]
