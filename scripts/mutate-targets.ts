import { globSync } from 'node:fs'
import { ROOT } from './run.mjs'

const PAYMENTS = 'test/node/payments'

/** The tests of a use case that has a folder of them. */
const folderOf = (useCase: string): string[] => globSync(`${PAYMENTS}/${useCase}/*.test.ts`, { cwd: ROOT }).sort()

/** The core, and the tests that hold each file: the quickest first. `file#name` runs only the tests of that name. */
export const TARGETS: Readonly<Record<string, readonly string[]>> = {
  'src/contract/money.ts': [`${PAYMENTS}/money.test.ts`],
  'src/contract/payment-url.ts': [`${PAYMENTS}/payment-url.test.ts`],
  'src/contract/canonical-json.ts': [`${PAYMENTS}/fingerprint.test.ts`],
  'src/server/payments/transition.ts': [`${PAYMENTS}/transition.test.ts`],
  'src/server/payments/derive-payment.ts': [`${PAYMENTS}/derive-payment.test.ts`],
  'src/server/payments/schedule.ts': [`${PAYMENTS}/schedule.test.ts`, `${PAYMENTS}/planned-since.test.ts`],
  'src/server/http/signature.ts': ['test/node/http/signature.test.ts'],
  'src/server/payments/settle-attempt.ts': [
    ...folderOf('settle-attempt'),
    `${PAYMENTS}/planned-since.test.ts`,
    `${PAYMENTS}/told-once.test.ts`,
  ],
  'src/server/payments/claim-opening.ts': folderOf('claim-opening'),
  'src/server/payments/opening-claim.ts': folderOf('claim-opening'),
  'src/server/payments/opening-rows.ts': folderOf('claim-opening'),
  'src/server/payments/open-payment.ts': [
    ...folderOf('open-payment'),
    `${PAYMENTS}/skewed-clocks.test.ts`,
    `${PAYMENTS}/shared-questions.test.ts`,
  ],
  'src/server/payments/record-opening.ts': [`${PAYMENTS}/record-opening.test.ts`],
  'src/server/payments/deliver.ts': folderOf('deliver'),
  'src/server/payments/notifications.ts': [`${PAYMENTS}/notifications.test.ts`, `${PAYMENTS}/planned-since.test.ts`],
  'src/server/http/signed-notifications.ts': ['test/node/http/signature.test.ts'],
  'src/server/payments/key-use.ts': [`${PAYMENTS}/key-use.test.ts`],
  'src/server/payments/side-news.ts': [`${PAYMENTS}/side-news.test.ts`],
  'src/server/payments/storable.ts': [`${PAYMENTS}/storable.test.ts`],
  'src/server/store/group-commit.ts': ['test/node/store/group-commit.test.ts'],
}
