import { askingRules } from './rules/asking.ts'
import { postgres } from './rules/databases.ts'
import { deliveringRules } from './rules/delivering.ts'
import { openingRules } from './rules/opening.ts'
import { reconcilingRules } from './rules/reconciling.ts'
import { settlingRules } from './rules/settling.ts'

const database = postgres()
openingRules(database)
settlingRules(database)
deliveringRules(database)
reconcilingRules(database)
askingRules(database)
