import '../../src/elements/define.ts'
import type { ElementState } from '../../src/elements/payment-state.ts'
import { button, press } from './parts.ts'
import { inState, openReply, problem, statusReply, stay } from './shop.ts'

/** What a shop does that leads a pressed button to each state. */
export const STATES: Readonly<Partial<Record<ElementState, () => Promise<unknown>>>> = {
  starting: () => new Promise(() => {}),
  unfinished: async () => openReply(),
  'price-changed': async () => Promise.reject(problem('price-changed', 409, { amount: '2.00', currency: 'BDT' }).body),
  error: async () => Promise.reject(problem('unavailable', 503).body),
  paid: alreadyPaid,
  cancelled: alreadyPaid,
  failed: alreadyPaid,
  expired: alreadyPaid,
  unresolved: alreadyPaid,
  confirming: alreadyPaid,
}

function alreadyPaid() {
  return Promise.reject(problem('already-paid', 409, { token: openReply().token }).body)
}

/** A button in a state. */
export async function inThe(state: ElementState, more: object = {}) {
  const paymentState = state === 'confirming' ? 'processing' : (state as 'paid')
  const element = await button({
    createOrder: STATES[state] as never,
    readStatus: async () => statusReply({ state: paymentState, paymentUrl: null, reason: null, pollAfter: 60 }),
    ...more,
  })
  stay(element)
  press(element)
  await inState(element, state)
  await element.updateComplete
  return element
}
