import type { TransactionBuilder } from 'kysely'
import type { Tables } from './schema.ts'

/** Ends every claim and lease: right only where no other process can hold one. */
export const claimReleaser = (transaction: () => TransactionBuilder<Tables>) => () =>
  transaction().execute(async (tx) => {
    await tx.updateTable('payments').set({ claim: null, claim_until: 0 }).where('claim', 'is not', null).execute()
    await tx
      .updateTable('attempts')
      .set({ lease: null, lease_until: 0 })
      .where('next_check_at', 'is not', null)
      .execute()
    await tx.updateTable('deliveries').set({ lease: null, lease_until: 0 }).where('done_at', 'is', null).execute()
  })
