import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type ApiClient, segment } from '../api-client.ts'
import type { Customers, SavedMethod } from '../customers.ts'
import { bodyOf, shaped } from '../gateway-error.ts'

const DEADLINE_MS = 8_000

const Id = z.object({ id: z.string().min(1).max(64) })
const Method = z
  .object({
    id: z.string().min(1).max(64),
    type: z.string().max(64),
    card: z
      .object({
        brand: z.string().max(32),
        last4: z.string().regex(/^\d{4}$/),
        exp_month: z.int().min(1).max(12),
        exp_year: z.int().min(2000).max(2199),
      })
      .nullish(),
  })
  .transform(
    ({ id, type, card }): SavedMethod => ({
      id,
      type,
      card: card ? { brand: card.brand, last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year } : null,
    }),
  )
const Methods = z.object({ data: z.array(Method) })

/** Customers and their saved methods. Only tokens come by here, never a card. */
export function createCustomers(api: ApiClient): Customers {
  async function send<T>(
    schema: z.ZodType<T>,
    path: string,
    write?: { readonly body: unknown; readonly key: string | undefined },
  ): Promise<T> {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const reply = write
      ? await api({ method: 'POST', path, body: write.body, key: write.key ?? randomUUID(), signal })
      : await api({ method: 'GET', path, signal })
    return shaped(schema.safeParse(bodyOf(reply)))
  }

  return {
    create: ({ email, name, phone, metadata }, { key } = {}) =>
      send(Id, '/customers', { body: { email, name, phone, metadata }, key }),
    createMethod: ({ type, token, customer }, { key } = {}) =>
      send(Method, '/payment_methods', { body: { type, token, customer }, key }),
    attachMethod: (method, customer, { key } = {}) =>
      send(Method, `/payment_methods/${segment(method)}/attach`, { body: { customer }, key }),
    async methods(customer) {
      return (await send(Methods, `/customers/${segment(customer)}/payment_methods`)).data
    },
  }
}
