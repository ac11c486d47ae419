import { Documents } from '../documents.ts'
import type { Journal } from '../journal.ts'
import type { Instrument } from './instruments.ts'

/** Where a payment stands while its order in the ledger is `created`. */
export type OpenStatus = 'requires_payment_method' | 'requires_confirmation' | 'requires_action'

/** What a payment has beside its order in the ledger. Amounts are integers of the smallest unit. */
export interface PaymentRecord {
  readonly id: string
  readonly openStatus: OpenStatus
  /** Where the browser completes `requires_action`: the page where the buyer chooses, or the 3-D Secure challenge. */
  readonly page: 'checkout' | 'challenge' | null
  readonly instrument: Instrument | null
  readonly captureMethod: 'automatic' | 'manual'
  /** Null until something was captured; then never more than the order's amount. */
  readonly captured: number | null
  readonly refunded: number
  readonly customer: string | null
  readonly paymentMethod: string | null
  readonly description: string | null
  readonly statementDescriptor: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly clientSecret: string
}

export interface RefundRecord {
  readonly id: string
  readonly payment: string
  readonly amount: number
  readonly currency: string
  readonly reason: string | null
  readonly metadata: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface CustomerRecord {
  readonly id: string
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly at: number
}

export interface MethodRecord {
  readonly id: string
  readonly instrument: Instrument
  readonly customer: string | null
  readonly at: number
}

export interface TokenRecord {
  readonly id: string
  readonly instrument: Instrument
  readonly used: boolean
  readonly at: number
}

export interface DisputeRecord {
  readonly id: string
  readonly payment: string
  readonly amount: number
  readonly currency: string
  readonly reason: string
  readonly at: number
}

/** Everything that the Payments API keeps beside the ledger. */
export interface Records {
  readonly payments: Documents<PaymentRecord>
  readonly refunds: Documents<RefundRecord>
  readonly customers: Documents<CustomerRecord>
  readonly methods: Documents<MethodRecord>
  readonly tokens: Documents<TokenRecord>
  readonly disputes: Documents<DisputeRecord>
}

export const openRecords = (journal: Journal): Records => ({
  payments: new Documents('payments', journal),
  refunds: new Documents('payments-refunds', journal),
  customers: new Documents('payments-customers', journal),
  methods: new Documents('payments-methods', journal),
  tokens: new Documents('payments-tokens', journal),
  disputes: new Documents('payments-disputes', journal),
})
