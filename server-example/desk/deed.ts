import type { PaymentStatus } from '../../src/contract/schemas.ts'
import type { PaymentRecord, Payments } from '../../src/server/index.ts'

/** One field of a deed's form. */
export interface Field {
  readonly name: string
  readonly label: string
  /** Left out: text. The first is chosen, unless there is a hint. */
  readonly choices?: readonly string[]
  /** What an empty field means; where there are choices, what to do: somebody has to choose one. */
  readonly hint?: string
}

/** What was typed, by the field's name. */
export type Form = Readonly<Record<string, string>>

/** Something that the person who runs the shop can do about one payment. */
export interface Deed {
  readonly name: string
  readonly label: string
  /** What it does, and who would do it in real life. */
  readonly note: string
  readonly fields: readonly Field[]
  /** Can it come to anything as the payment stands? Left out: always. What is impossible has no form; the kit refuses it. */
  isPossible?(payment: PaymentStatus): boolean
  /** Does it. Resolves with a sentence of what came of it; throws what the kit or the gateway throws. */
  act(payment: PaymentRecord, form: Form): Promise<string>
}

/** Money came, and not all of it went back. */
export const isKept = ({ state, amount, refunded }: PaymentStatus): boolean => state === 'paid' && refunded !== amount

/** What every gateway has: the status can be asked for at any time. */
export const askDeed = (payments: Pick<Payments, 'check'>): Deed => ({
  name: 'ask',
  label: 'Ask the gateway now',
  note: 'payments.check: asks about every attempt, whatever its schedule.',
  fields: [],
  async act({ status }) {
    const now = await payments.check(status.token)
    return `The gateway says: ${now?.state ?? 'nothing'}.`
  },
})

/** The attempt that speaks for a payment. */
export function orderIdOf({ attempts, status }: PaymentRecord): string {
  const id = attempts.find(({ reference }) => reference === status.reference)?.order_id
  if (!id) throw new Error('The gateway has no order of this payment yet.')
  return id
}
