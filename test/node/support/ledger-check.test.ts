import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AttemptRow, FlagRow, PaymentRow } from '../../../src/server/store/schema.ts'
import { checkLedger } from '../../support/ledger-check.ts'
import type { LedgerOrder } from '../../support/sandbox-control.ts'
import type { ShopRows } from '../../support/shop-database.ts'

const payment = (changes: Partial<PaymentRow> = {}) =>
  ({ id: 'p', purchase_id: 'cart', state: 'paid', attempt_id: 'a', ...changes }) as PaymentRow

const attempt = (changes: Partial<AttemptRow> = {}) =>
  ({
    id: 'a',
    payment_id: 'p',
    reference: 'R1',
    order_id: 'IPAY-1',
    amount: 125_000,
    currency: 'BDT',
    state: 'paid',
    payment_url: 'https://app.ipay.com.bd/1',
    paid_at: 1,
    ...changes,
  }) as AttemptRow

const order = (changes: Partial<LedgerOrder> = {}): LedgerOrder => ({
  orderId: 'IPAY-1',
  referenceId: 'R1',
  amount: 1250,
  state: 'paid',
  history: [],
  calls: [],
  ...changes,
})

const second = { id: 'b', reference: 'R2', order_id: 'IPAY-2' }

/** The books of one purchase that was paid and fulfilled, with something changed. */
function violations(changes: Partial<ShopRows>, orders: readonly LedgerOrder[] = [order()], settled = true): string[] {
  const rows: ShopRows = {
    payments: [payment()],
    attempts: [attempt()],
    deliveries: [],
    flags: [],
    audit: [],
    fulfilments: [{ purchase_id: 'cart' }],
    ...changes,
  }
  return checkLedger({ orders, rows, settled }).map((line) => line.slice(0, 2))
}

describe('the ledger check', () => {
  test('finds nothing in books that agree', () => {
    assert.deepEqual(violations({}), [])
  })

  test('V1: sees two payable orders of one price, and lets two prices or an order without an address pass', () => {
    const open = (changes: Partial<AttemptRow> = {}) => attempt({ state: 'created', paid_at: null, ...changes })
    const orders = [
      order({ state: 'created' }),
      order({ ...{ orderId: 'IPAY-2', referenceId: 'R2' }, state: 'created' }),
    ]
    const rows = { payments: [payment({ state: 'created' })], fulfilments: [] }
    assert.deepEqual(violations({ ...rows, attempts: [open(), open(second)] }, orders), ['V1'])
    assert.deepEqual(violations({ ...rows, attempts: [open(), open({ ...second, amount: 1 })] }, orders), [])
    assert.deepEqual(violations({ ...rows, attempts: [open(), open({ ...second, payment_url: null })] }, orders), [])
  })

  test('V1: sees a purchase that was paid twice in silence', () => {
    const orders = [order(), order({ orderId: 'IPAY-2', referenceId: 'R2' })]
    const attempts = [attempt(), attempt(second)]
    assert.deepEqual(violations({ attempts }, orders), ['V1'])
    assert.deepEqual(violations({ attempts, flags: [{ payment_id: 'p' } as FlagRow] }, orders), [])
  })

  test('V2: sees what counts as paid without a paid order of that id and amount', () => {
    assert.deepEqual(violations({}, [order({ state: 'created' })]), ['V2'])
    assert.deepEqual(violations({}, [order({ amount: 1249.99 })]), ['V2'])
    assert.deepEqual(violations({}, [order({ orderId: 'IPAY-9' })]), ['V2'])
  })

  test('V2: sees a purchase that is fulfilled twice, or without a payment', () => {
    assert.deepEqual(violations({ fulfilments: [{ purchase_id: 'cart' }, { purchase_id: 'cart' }] }), ['V2'])
    assert.deepEqual(violations({ fulfilments: [{ purchase_id: 'cart' }, { purchase_id: 'other' }] }), ['V2'])
  })

  test('V3: sees paid orders that are neither fulfilled nor flagged, once there was time', () => {
    assert.deepEqual(violations({ fulfilments: [] }), ['V3'])
    assert.deepEqual(violations({ fulfilments: [] }, [order()], false), [])
    assert.deepEqual(violations({ fulfilments: [], flags: [{ payment_id: 'p' } as FlagRow] }), [])
    assert.deepEqual(violations({}, [order(), order({ referenceId: 'unheard of' })]), ['V3'])
  })

  test('V4: sees what was paid or fulfilled and is so no longer', () => {
    assert.deepEqual(violations({ payments: [payment({ state: 'cancelled' })] }), ['V4'])
    assert.deepEqual(violations({ attempts: [attempt({ state: 'failed' })] }), ['V4'])
  })
})
