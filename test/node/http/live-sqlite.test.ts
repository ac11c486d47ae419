import { sqliteInMemory } from '../payments/rules/databases.ts'
import { liveRules } from './live-rules.ts'

liveRules(sqliteInMemory())
