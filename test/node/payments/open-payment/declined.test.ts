import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDesk } from '../desk.ts'
import { press } from './press.ts'

test('a press that the gateway declines at once is counted by its reason', async () => {
  const desk = createDesk()
  desk.gateway.onOpen({ reply: { kind: 'declined', orderId: 'o1', reason: 'insufficient-balance', detail: '' } })
  await press(desk)
  assert.deepEqual(
    desk.said.filter(([, name]) => name === 'ipay_declines_total'),
    [['count', 'ipay_declines_total', { reason: 'insufficient-balance' }]],
  )
})
