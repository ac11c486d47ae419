import { sqlite } from '../../support/test-database.ts'
import { captureAndVoidRules } from './rules/capture-and-void.ts'
import { refundRules } from './rules/refunds.ts'
import { unsureRefundRules } from './rules/unsure-refunds.ts'

refundRules(sqlite)
unsureRefundRules(sqlite)
captureAndVoidRules(sqlite)
