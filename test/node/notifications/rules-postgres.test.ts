import { postgresCluster } from '../../support/test-database.ts'
import { notificationRules } from './rules/notifications.ts'
import { paymentNewsRules } from './rules/payment-news.ts'
import { signatureRules } from './rules/signatures.ts'
import { SENDERS } from './senders.ts'

const database = postgresCluster()
for (const sender of SENDERS) {
  signatureRules(database, sender)
  notificationRules(database, sender)
}
paymentNewsRules(database)
