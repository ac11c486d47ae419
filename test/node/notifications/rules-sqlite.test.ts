import { sqlite } from '../../support/test-database.ts'
import { notificationRules } from './rules/notifications.ts'

notificationRules(sqlite)
