import { postgres } from './rules/databases.ts'
import { openingRules } from './rules/opening.ts'

const database = postgres()
openingRules(database)
