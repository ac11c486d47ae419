import { sqlite } from '../../support/test-database.ts'
import { captureAndVoidRules } from './rules/capture-and-void.ts'
import { refundRules } from './rules/refunds.ts'

refundRules(sqlite)
captureAndVoidRules(sqlite)
