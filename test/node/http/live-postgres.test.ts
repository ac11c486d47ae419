import { postgres } from '../payments/rules/databases.ts'
import { liveRules } from './live-rules.ts'

liveRules(postgres())
