import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { ownMembers } from '../../../contract/own-members.ts'
import { type ApiClient, segment } from '../api-client.ts'
import { type Customers, keyOf, type SavedMethod } from '../customers.ts'
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
    async create(wanted, options) {
      const { email, name, phone, metadata } = ownMembers(wanted)
      return send(Id, '/customers', { body: { email, name, phone, metadata }, key: keyOf(options) })
    },
    async createMethod(wanted, options) {
      const { type, token, customer } = ownMembers(wanted)
      return send(Method, '/payment_methods', { body: { type, token, customer }, key: keyOf(options) })
    },
    async attachMethod(method, customer, options) {
      const path = `/payment_methods/${segment(method)}/attach`
      return send(Method, path, { body: { customer }, key: keyOf(options) })
    },
    async methods(customer) {
      return (await send(Methods, `/customers/${segment(customer)}/payment_methods`)).data
    },
  }
}
