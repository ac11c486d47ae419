import { sqlite } from '../../support/test-database.ts'
import { notificationRules } from './rules/notifications.ts'
import { paymentNewsRules } from './rules/payment-news.ts'
import { signatureRules } from './rules/signatures.ts'
import { SENDERS } from './senders.ts'

for (const sender of SENDERS) {
  signatureRules(sqlite, sender)
  notificationRules(sqlite, sender)
}
paymentNewsRules(sqlite)
