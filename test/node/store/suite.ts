import { describe, test } from 'node:test'
import type { Store } from '../../../src/server/store/port.ts'
import { findingRules } from './rules/finding.ts'
import { leaseRules } from './rules/leases.ts'
import { recordRules } from './rules/records.ts'
import { transactionRules } from './rules/transactions.ts'

/**
 * What every store promises.
 * @param empty an empty store of the kind under test
 */
export function storeSuite(name: string, empty: () => Promise<Store>): void {
  describe(`the store's promises, ${name}`, () => {
    findingRules(empty)
    transactionRules(empty)
    leaseRules(empty)
    recordRules(empty)

    test('it answers when it is asked whether it is there', async () => {
      await (await empty()).ping()
    })
  })
}
