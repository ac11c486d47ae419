import assert from 'node:assert/strict'
import type { PaymentStatus } from '../../../src/contract/schemas.ts'
import { manualClock } from '../../support/clock.ts'
import { createLiveHub } from './live-hub.ts'
import { openShop, type ShopOptions, status, TOKEN } from './shop.ts'

/** The status of a payment that is paid. */
export const paid: PaymentStatus = {
  ...status,
  state: 'paid',
  retry: 'no',
  paymentUrl: null,
  pollAfter: null,
  transactionId: 'T1',
}
/** A status that nobody has to ask about again. */
export const quiet: PaymentStatus = { ...status, pollAfter: null }

/** A shop with a hub, whose status is what `now` says. */
export function liveShop(options: ShopOptions = {}) {
  const hub = createLiveHub()
  const clock = manualClock()
  const world = { now: quiet, reads: 0 }
  const shop = openShop({
    clock,
    events: hub,
    ...options,
    payments: {
      async status(token) {
        world.reads += 1
        return token === TOKEN ? world.now : undefined
      },
      ...options.payments,
    },
  })
  const listen = (headers: Record<string, string> = {}) => shop.send(`/${TOKEN}/events`, { headers })
  return { ...shop, hub, clock, world, listen }
}

/** Reads a stream message by message. */
export function messagesOf(answer: Response) {
  const reader = (answer.body ?? assert.fail('no body')).pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  return {
    cancel: () => reader.cancel(),
    /** The next message as its fields; undefined at the end. */
    async next(): Promise<Record<string, string> | undefined> {
      while (!buffer.includes('\n\n')) {
        const { done, value } = await reader.read()
        if (done) return undefined
        buffer += value
      }
      const [message = '', ...rest] = buffer.split('\n\n')
      buffer = rest.join('\n\n')
      return Object.fromEntries(
        message.split('\n').map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 1).trim()]),
      )
    },
  }
}

/** The state of the payment in a message. */
export const stateOf = (message: Record<string, string> | undefined) =>
  (JSON.parse(message?.['data'] ?? '{}') as PaymentStatus).state
