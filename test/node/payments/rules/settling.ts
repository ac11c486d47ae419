import { describe } from 'node:test'
import type { Database } from './databases.ts'
import { newKits } from './new-kit.ts'
import { amountRules } from './settling/amounts.ts'
import { endRules } from './settling/ends.ts'
import { visitRules } from './settling/visits.ts'
import { wordRules } from './settling/words.ts'

/** What an answer of the gateway does to a payment, however it came. */
export function settlingRules(database: Database): void {
  const newKit = newKits(database)

  describe(`settling, on ${database.name}`, () => {
    visitRules(newKit)
    wordRules(newKit, database)
    amountRules(newKit)
    endRules(newKit)
  })
}
