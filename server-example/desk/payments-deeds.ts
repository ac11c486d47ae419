import {
  type Capturing,
  moneyText,
  type OperationResult,
  type PaymentRecord,
  parseMoney,
  REFUND_REASONS,
  type Refunding,
  type Voiding,
} from '../../src/server/index.ts'
import { type Deed, isKept, orderIdOf } from './deed.ts'
import type { Outside } from './simulator-side.ts'

const told = ({ state, amount, detail, id }: OperationResult): string =>
  `${state}: ${moneyText(amount)} ${amount.currency}${detail === null ? '' : ` (${detail})`}, ${id.slice(0, 18)}…`

/** What can be done at the Payments API. */
export const paymentsDeeds = (payments: Refunding & Capturing & Voiding, outside: Outside): readonly Deed[] => [
  {
    name: 'refund',
    label: 'Refund',
    note: 'payments.refund: the same wish is one refund however often you press; another word in “of” makes it another.',
    fields: [
      { name: 'amount', label: 'Amount', hint: 'empty: all that is left' },
      { name: 'reason', label: 'Reason', choices: REFUND_REASONS, hint: 'Choose a reason' },
      { name: 'of', label: 'Of what', hint: 'a return’s id, or empty' },
    ],
    isPossible: isKept,
    async act({ status }, { amount: text = '', reason = '', of = '' }) {
      const known = REFUND_REASONS.find((word) => word === reason)
      if (!known) throw new Error('Choose a reason.')
      const amount = text === '' ? undefined : parseMoney(text, status.currency)
      if (text !== '' && !amount) throw new Error('Write the amount as decimal text, such as 250.00.')
      return told(await payments.refund({ token: status.token }, { reason: known, of, ...(amount && { amount }) }))
    },
  },
  {
    name: 'capture',
    label: 'Capture',
    note: 'payments.capture: takes what was authorised. Start the shop with IPAY_CAPTURE=manual to try it.',
    fields: [],
    isPossible: ({ state }) => state === 'processing' || state === 'unresolved',
    act: async ({ status }) => told(await payments.capture({ token: status.token })),
  },
  {
    name: 'void',
    label: 'Void',
    note: 'payments.void: calls off what was not taken yet.',
    fields: [],
    isPossible: ({ state }) => ['created', 'processing', 'unresolved'].includes(state),
    act: async ({ status }) => told(await payments.void({ token: status.token })),
  },
  {
    name: 'dispute',
    label: 'Dispute it as the bank',
    note: 'The buyer’s bank takes the payment back. The shop hears of it by a notification and raises a flag.',
    fields: [],
    isPossible: ({ state }) => state === 'paid',
    async act(payment: PaymentRecord) {
      await outside(`/payments/${orderIdOf(payment)}/dispute`)
      return 'The bank has opened a dispute.'
    },
  },
]
