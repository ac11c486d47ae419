import { describe } from 'node:test'
import type { Database } from './databases.ts'
import { newKits } from './new-kit.ts'
import { crowdRules } from './opening/crowds.ts'
import { deathRules } from './opening/deaths.ts'
import { keyRules } from './opening/keys.ts'
import { lostOrderRules } from './opening/lost-orders.ts'
import { priceRules } from './opening/prices.ts'
import { refusalRules } from './opening/refusals.ts'

/** What a press promises, whatever happens to it. */
export function openingRules(database: Database): void {
  const newKit = newKits(database)

  describe(`opening, on ${database.name}`, () => {
    keyRules(newKit)
    crowdRules(newKit, database)
    deathRules(newKit)
    lostOrderRules(newKit)
    priceRules(newKit)
    refusalRules(newKit)
  })
}
