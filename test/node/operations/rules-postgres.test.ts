import { postgresCluster } from '../../support/test-database.ts'
import { captureAndVoidRules } from './rules/capture-and-void.ts'
import { refundRules } from './rules/refunds.ts'
import { unsureRefundRules } from './rules/unsure-refunds.ts'

const database = postgresCluster()
refundRules(database)
unsureRefundRules(database)
captureAndVoidRules(database)
