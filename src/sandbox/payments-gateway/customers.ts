import type { Clock } from '../clock.ts'
import { badField, unknownId } from '../rest/api-error.ts'
import { type Fields, metadataOf, objectOf, oneOf, requiredText, textOf } from '../rest/fields.ts'
import { newId } from '../rest/ids.ts'
import { instrumentOfCard, METHOD_TYPES } from './instruments.ts'
import type { CustomerRecord, MethodRecord, Records, TokenRecord } from './records.ts'
import { spendToken } from './tokens.ts'

/** `POST /customers`. */
export function createCustomer(fields: Fields, { customers }: Records, clock: Clock): CustomerRecord {
  const id = newId('cus')
  const [email, name, phone] = [textOf(fields, 'email', 254), textOf(fields, 'name'), textOf(fields, 'phone', 40)]
  return customers.put(id, { id, email, name, phone, metadata: metadataOf(fields), at: clock.now() })
}

/** The customer with this id. Throws ApiError 404. */
export function getCustomer(id: string, { customers }: Records): CustomerRecord {
  const customer = customers.get(id)
  if (!customer) throw unknownId('customer', id)
  return customer
}

/** `POST /tokens`: the number and the CVC are dropped here. */
export function createToken(fields: Fields, { tokens }: Records, clock: Clock): TokenRecord {
  const instrument = instrumentOfCard(objectOf(fields['card'], 'card'), clock.now())
  const id = newId('tok')
  return tokens.put(id, { id, instrument, used: false, at: clock.now() })
}

/** `POST /payment_methods`: keeps what a token stands for. */
export function createMethod(fields: Fields, records: Records, clock: Clock): MethodRecord {
  const type = oneOf(fields, 'type', METHOD_TYPES, null)
  const customer = textOf(fields, 'customer')
  if (customer !== null) getCustomer(customer, records)
  const instrument = spendToken(records, requiredText(fields, 'token'), 'token')
  if (instrument.type !== type) throw badField('type', `is not that of the token, which is ${instrument.type}`)
  const id = newId('pm')
  return records.methods.put(id, { id, instrument, customer, at: clock.now() })
}

/** The payment method with this id. Throws ApiError 404. */
export function getMethod(id: string, { methods }: Records): MethodRecord {
  const method = methods.get(id)
  if (!method) throw unknownId('payment method', id)
  return method
}

/** `POST /payment_methods/{id}/attach`. */
export function attachMethod(id: string, fields: Fields, records: Records): MethodRecord {
  const method = getMethod(id, records)
  const customer = getCustomer(requiredText(fields, 'customer'), records).id
  if (method.customer !== null && method.customer !== customer) {
    throw badField('customer', 'is not the one that this method belongs to')
  }
  return records.methods.put(id, { ...method, customer })
}
