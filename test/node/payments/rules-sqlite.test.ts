import { askingRules } from './rules/asking.ts'
import { sqliteInMemory } from './rules/databases.ts'
import { deliveringRules } from './rules/delivering.ts'
import { openingRules } from './rules/opening.ts'
import { reconcilingRules } from './rules/reconciling.ts'
import { settlingRules } from './rules/settling.ts'

const database = sqliteInMemory()
openingRules(database)
settlingRules(database)
deliveringRules(database)
reconcilingRules(database)
askingRules(database)
