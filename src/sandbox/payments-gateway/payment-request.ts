import { badField, unknownId } from '../rest/api-error.ts'
import { amountOf, type Fields, flagOf, metadataOf, oneOf, requiredText, textOf, urlOf } from '../rest/fields.ts'
import type { Records } from './records.ts'

/** The members of `POST /payments`, checked; those that were left out have their defaults. Throws ApiError. */
export function paymentRequestOf(fields: Fields, { customers }: Pick<Records, 'customers'>) {
  const minor = amountOf(fields)
  if (minor === null) throw badField('amount', 'is required')
  const currency = requiredText(fields, 'currency', 3)
  if (!/^[A-Z]{3}$/.test(currency)) throw badField('currency', 'must be an ISO 4217 code')
  const metadata = metadataOf(fields)
  const customer = textOf(fields, 'customer')
  if (customer !== null && !customers.get(customer)) throw unknownId('customer', customer)
  const confirm = flagOf(fields, 'confirm')
  const hosted = flagOf(fields, 'confirmation_token')
  const method = textOf(fields, 'payment_method')
  const returnUrl = urlOf(fields, 'return_url')
  if (hosted && returnUrl === null) throw badField('return_url', 'is required with confirmation_token')
  const failureUrl = urlOf(fields, 'failure_url') ?? returnUrl ?? ''
  const cancelUrl = urlOf(fields, 'cancel_url') ?? failureUrl
  const captureMethod = oneOf(fields, 'capture_method', ['automatic', 'manual'], 'automatic')
  const description = textOf(fields, 'description', 1000)
  const statementDescriptor = textOf(fields, 'statement_descriptor', 22)
  return {
    amount: { minor, currency },
    metadata,
    customer,
    confirm,
    hosted,
    method,
    urls: { successUrl: returnUrl ?? '', failureUrl, cancelUrl },
    captureMethod,
    description,
    statementDescriptor,
  }
}
