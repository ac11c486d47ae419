import { postgresCluster } from '../../support/test-database.ts'
import { notificationRules } from './rules/notifications.ts'

const database = postgresCluster()
notificationRules(database)
