import type { Payer } from '../gateways/port.ts'
import type { AttemptRow, PaymentRow } from '../store/port.ts'

/** What a gateway is asked beside reference, amount and addresses. */
export interface Asked {
  readonly description: string
  readonly lang: string | null
  readonly payer: Payer | undefined
}

/** As it is kept with the attempt: a repeat under the same key has to be the very same question. */
export const askedText = ({ description, lang, payer }: Asked): string => JSON.stringify({ description, lang, payer })

/** The question of an attempt; of one from before the question was kept, as its payment says today. */
export function askedOf(attempt: AttemptRow, payment: PaymentRow): Asked {
  const kept: Partial<Asked> = attempt.asked === null ? {} : JSON.parse(attempt.asked)
  return { description: kept.description ?? payment.description, lang: kept.lang ?? payment.lang, payer: kept.payer }
}
