import { badField, unknownId } from '../rest/api-error.ts'
import { type Instrument, TEST_TOKENS } from './instruments.ts'
import type { Records } from './records.ts'

/** What `payment_method` names: a saved method, a token of a page (used up by this), or a test token. Throws ApiError. */
export function instrumentOf(records: Records, id: string, customer: string | null): Instrument {
  const method = records.methods.get(id)
  if (method && method.customer !== null && method.customer !== customer) {
    throw badField('payment_method', 'belongs to another customer')
  }
  return method?.instrument ?? spendToken(records, id, 'payment_method')
}

/** Uses a token up and says what it stands for. Throws ApiError 400, 404. */
export function spendToken({ tokens }: Pick<Records, 'tokens'>, id: string, param: string): Instrument {
  if (Object.hasOwn(TEST_TOKENS, id)) return TEST_TOKENS[id]!
  const token = tokens.get(id)
  if (!token) throw unknownId(param, id)
  if (token.used) throw badField(param, 'was used already')
  tokens.put(id, { ...token, used: true })
  return token.instrument
}
