import type { OpenReply, PaymentStatus } from '../../src/contract/schemas.ts'

/** An answer of the shop's endpoint with its parsed body. */
export interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** What an open request is made of; one mug unless told otherwise. */
export interface OrderOver {
  readonly cart: string
  readonly key: string
  readonly quantity?: number
  readonly returnTo?: string
}

/** Opens or resumes over HTTP, as the element does. The body is a problem when the status says so. */
export async function orderOver(
  shop: string,
  { cart, key, quantity = 1, returnTo = '/thanks' }: OrderOver,
): Promise<Answer<OpenReply>> {
  const response = await fetch(`${shop}/ipay/orders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify({ order: { cart, items: [{ sku: 'mug', quantity }] }, returnTo }),
    redirect: 'manual',
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as OpenReply }
}

export async function statusOf(shop: string, token: string): Promise<Answer<PaymentStatus>> {
  const response = await fetch(`${shop}/ipay/orders/${token}`)
  return { status: response.status, headers: response.headers, body: (await response.json()) as PaymentStatus }
}

/** Comes back from the gateway, without following the redirect. */
export async function visitReturn(
  shop: string,
  token: string,
  hint: 'success' | 'failure' | 'cancel',
): Promise<Answer<null>> {
  const response = await fetch(`${shop}/ipay/orders/${token}/return/${hint}`, { redirect: 'manual' })
  await response.arrayBuffer()
  return { status: response.status, headers: response.headers, body: null }
}
