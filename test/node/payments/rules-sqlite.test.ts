import { sqliteInMemory } from './rules/databases.ts'
import { openingRules } from './rules/opening.ts'

const database = sqliteInMemory()
openingRules(database)
