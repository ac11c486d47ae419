import assert from 'node:assert/strict'
import type { GatewayReading } from '../../../../../src/server/gateways/port.ts'
import type { ScriptedOrder } from '../../../../support/scripted-gateway.ts'
import type { Kit } from '../../kit.ts'

/** A pressed purchase and its order at the gateway. */
export async function opened(
  kit: Kit,
  cart = 'c1',
  key = `key-of-${cart}`,
): Promise<{ token: string; order: ScriptedOrder }> {
  const { reply } = await kit.press(cart, { key })
  return { token: reply.token, order: kit.gateway.order(reply.paymentUrl) }
}

/** The kinds of alarm that were raised, oldest first. */
export const kinds = (kit: Kit) => kit.alarms.map(({ kind }) => kind)

/** A return visit, as the gateway's callback makes one; which of the three it was changes nothing. */
export const visit = (kit: Kit, token: string) => kit.run(kit.service.returned(token, { ask: true }))

/** What the gateway says about an order that it knows. */
export type PaymentReading = Extract<GatewayReading, { kind: 'payment' }>

/** The gateway's genuine word with some members replaced. */
export const but =
  (changes: Partial<PaymentReading>) =>
  (genuine: GatewayReading): GatewayReading => {
    assert.equal(genuine.kind, 'payment')
    return { ...(genuine as PaymentReading), ...changes }
  }
