import type {
  AttemptRow,
  AuditRow,
  DeliveryRow,
  FlagRow,
  KeyRow,
  NotificationRow,
  OperationRow,
  PaymentRow,
} from './schema.ts'

export type {
  AttemptRow,
  AttemptState,
  DeliveryRow,
  FlagRow,
  KeyRow,
  NotificationRow,
  OperationRow,
  PaymentRow,
} from './schema.ts'

/** An audit line before the database numbered it. */
export type NewAuditRow = Omit<AuditRow, 'id'>
/** An audit line as stored. */
export type StoredAuditRow = NewAuditRow & { id: number }

/** Whose rows are claimed, when it is, and until when the claim counts. */
export interface Lease {
  readonly owner: string
  readonly now: number
  readonly until: number
  readonly limit: number
}

/**
 * Reading and writing rows; every function runs in the transaction that handed it out. Nothing is found by a token, purchase,
 * reference name or flag's id that no row can hold, nor by one that is no text at all.
 */
export interface Rows {
  paymentByPurchase(purchaseId: string): Promise<PaymentRow | undefined>
  paymentByToken(token: string): Promise<PaymentRow | undefined>
  payment(id: string): Promise<PaymentRow | undefined>
  /** The same, and nobody else changes it before this transaction ends. */
  lockPayment(id: string): Promise<PaymentRow | undefined>
  /** False when the purchase has a payment already. */
  insertPayment(row: PaymentRow): Promise<boolean>
  /**
   * Writes the named columns, raises `version`, and, unless it was only about the claim, tells listeners once the
   * transaction has committed.
   */
  updatePayment(id: string, changes: Partial<Omit<PaymentRow, 'id' | 'version'>>): Promise<void>

  attempt(id: string): Promise<AttemptRow | undefined>
  attemptByReference(reference: string): Promise<AttemptRow | undefined>
  /** The attempt whose order a gateway's notifications call so. */
  attemptNotifiedAs(gateway: string, name: string): Promise<AttemptRow | undefined>
  /** Oldest first. */
  attempts(paymentId: string): Promise<AttemptRow[]>
  insertAttempt(row: AttemptRow): Promise<void>
  updateAttempt(id: string, changes: Partial<Omit<AttemptRow, 'id'>>): Promise<void>
  /** Leases the attempts whose check is due, most overdue first; no two callers get the same one. */
  claimDueAttempts(lease: Lease): Promise<AttemptRow[]>

  /**
   * Makes due at `now` what waits and was written at an hour more than a minute ahead: the clock was set back since. Its
   * leases end.
   */
  bringForward(now: number): Promise<void>

  key(key: string): Promise<KeyRow | undefined>
  /** False when the key exists already. */
  insertKey(row: KeyRow): Promise<boolean>
  /** Forgets keys that were made before `instant`, of payments that did not change since then either. */
  deleteKeysBefore(instant: number): Promise<void>

  insertDelivery(row: DeliveryRow): Promise<void>
  delivery(paymentId: string): Promise<DeliveryRow | undefined>
  updateDelivery(paymentId: string, changes: Partial<Omit<DeliveryRow, 'payment_id'>>): Promise<void>
  /** The same for deliveries, of which at most `retries` were tried before; these come first. */
  claimDueDeliveries(lease: Lease & { readonly retries: number }): Promise<DeliveryRow[]>

  audit(row: NewAuditRow): Promise<void>
  auditTrail(paymentId: string): Promise<StoredAuditRow[]>
  /** False when this kind of flag stands for this attempt already. */
  insertFlag(row: FlagRow): Promise<boolean>
  /** Flags that nobody cleared, oldest first, at most `limit`. */
  openFlags(limit: number): Promise<FlagRow[]>
  clearFlag(id: string, now: number): Promise<boolean>

  /** False when this notification was stored before. */
  insertNotification(row: NotificationRow): Promise<boolean>
  operation(id: string): Promise<OperationRow | undefined>
  operations(paymentId: string): Promise<OperationRow[]>
  insertOperation(row: OperationRow): Promise<boolean>
  /** Operations of which nobody knows whether the gateway did them, untouched since `before`, oldest first. */
  unfinishedOperations(before: number, limit: number): Promise<OperationRow[]>
  updateOperation(id: string, changes: Partial<Omit<OperationRow, 'id'>>): Promise<void>

  /** For the operator's figures: how late the most overdue check is (ms, 0 when none), and how many are due. */
  dueLag(now: number): Promise<{ lagMs: number; due: number }>
}

/**
 * Where payments are kept. Faults of the database surface as ProblemError `unavailable`; a transaction that failed has
 * changed nothing.
 */
export interface Store {
  /** Runs `work` in one durable transaction. `work` must not wait for anything but these rows. */
  transaction<T>(work: (rows: Rows) => Promise<T>): Promise<T>
  /** Reads without a transaction of their own. */
  readonly rows: Pick<
    Rows,
    | 'paymentByToken'
    | 'paymentByPurchase'
    | 'payment'
    | 'attempt'
    | 'attempts'
    | 'attemptByReference'
    | 'attemptNotifiedAs'
    | 'key'
    | 'delivery'
    | 'auditTrail'
    | 'openFlags'
    | 'operations'
    | 'unfinishedOperations'
    | 'dueLag'
  >
  /** Takes away every lease and claim: right only where no other process can hold one. */
  releaseClaims(): Promise<void>
  /** Calls back with the payment's id after each committed change, from whichever process. Returns the end of it. */
  onChange(listener: (paymentId: string) => void): () => void
  /** Resolves when the database answers. */
  ping(): Promise<void>
  /** Ends every use of the database. Harmless to repeat. */
  close(): Promise<void>
}
