import { isSeen } from '../../src/server/store/payment-rows.ts'
import type {
  AttemptRow,
  DeliveryRow,
  FlagRow,
  KeyRow,
  NotificationRow,
  OperationRow,
  PaymentRow,
  Rows,
  Store,
  StoredAuditRow,
} from '../../src/server/store/port.ts'
import { undoLog } from './undo-log.ts'

/** Everything that is in the store, for a look from outside. */
export interface Tables {
  readonly payments: ReadonlyMap<string, PaymentRow>
  readonly attempts: ReadonlyMap<string, AttemptRow>
  readonly keys: ReadonlyMap<string, KeyRow>
  readonly deliveries: ReadonlyMap<string, DeliveryRow>
  readonly audit: readonly StoredAuditRow[]
  readonly flags: ReadonlyMap<string, FlagRow>
}

/** The store's port without a database: quick enough for millions of histories, and held by the same suite. */
export interface MemoryStore extends Store {
  readonly tables: Tables
}

export function memoryStore(): MemoryStore {
  const payments = new Map<string, PaymentRow>()
  const tokens = new Map<string, string>()
  const purchases = new Map<string, string>()
  const attempts = new Map<string, AttemptRow>()
  const references = new Map<string, string>()
  const attemptIds = new Map<string, string[]>()
  const keys = new Map<string, KeyRow>()
  const deliveries = new Map<string, DeliveryRow>()
  const flags = new Map<string, FlagRow>()
  const notifications = new Map<string, NotificationRow>()
  const operations = new Map<string, OperationRow>()
  const audit: StoredAuditRow[] = []
  const listeners = new Set<(paymentId: string) => void>()

  const { put, change, add, remove, append, keep, takeBack } = undoLog()
  let changed = new Set<string>()

  const copy = <T extends object>(row: T | undefined): T | undefined => row && { ...row }
  const copies = <T extends object>(list: Iterable<T>): T[] => Array.from(list, (row) => ({ ...row }))
  const ofPayment = (id: string) =>
    (attemptIds.get(id) ?? []).flatMap((attemptId) => attempts.get(attemptId) ?? []).sort((a, b) => a.number - b.number)
  const must = (isTrue: boolean, what: string) => {
    if (!isTrue) throw new Error(`constraint failed: ${what}`)
  }

  const rows: Rows = {
    paymentByPurchase: async (purchaseId) => copy(payments.get(purchases.get(purchaseId) ?? '')),
    paymentByToken: async (token) => copy(payments.get(tokens.get(token) ?? '')),
    payment: async (id) => copy(payments.get(id)),
    lockPayment: async (id) => copy(payments.get(id)),
    async insertPayment(row) {
      if (purchases.has(row.purchase_id)) return false
      must(!tokens.has(row.token) && add(payments, row.id, { ...row }), 'payments are unique')
      put(tokens, row.token, row.id)
      put(purchases, row.purchase_id, row.id)
      return true
    },
    async updatePayment(id, changes) {
      const version = (payments.get(id)?.version ?? 0) + 1
      change(payments, id, { ...changes, version })
      if (isSeen(changes)) changed.add(id)
    },

    attempt: async (id) => copy(attempts.get(id)),
    attemptByReference: async (reference) => copy(attempts.get(references.get(reference) ?? '')),
    attemptNotifiedAs: async (gateway, name) =>
      copy([...attempts.values()].find((row) => row.notified_as === name && row.gateway === gateway)),
    attempts: async (paymentId) => copies(ofPayment(paymentId)),
    async insertAttempt(row) {
      const others = ofPayment(row.payment_id)
      must(payments.has(row.payment_id), 'an attempt belongs to a payment')
      must(!references.has(row.reference) && !others.some(({ number }) => number === row.number), 'attempts are unique')
      must(add(attempts, row.id, { ...row }), 'attempts are unique')
      put(references, row.reference, row.id)
      put(attemptIds, row.payment_id, [...(attemptIds.get(row.payment_id) ?? []), row.id])
    },
    async updateAttempt(id, changes) {
      change(attempts, id, changes)
    },
    async claimDueAttempts({ owner, now, until, limit }) {
      const due = [...attempts.values()].filter(
        (row) => row.next_check_at !== null && row.next_check_at <= now && row.lease_until <= now,
      )
      due.sort((a, b) => (a.next_check_at ?? 0) - (b.next_check_at ?? 0))
      const leased = due.slice(0, limit)
      for (const { id } of leased) change(attempts, id, { lease: owner, lease_until: until })
      return leased.map(({ id }) => ({ ...(attempts.get(id) as AttemptRow) }))
    },

    key: async (key) => copy(keys.get(key)),
    insertKey: async (row) => add(keys, row.key, { ...row }),
    async bringForward(now) {
      const free = { lease: null, lease_until: 0 }
      for (const [id, row] of attempts) {
        if (row.next_check_at === null || row.updated_at <= now + 60_000) continue
        change(attempts, id, { ...free, next_check_at: now, updated_at: now })
      }
      for (const [id, row] of deliveries) {
        if (row.next_try_at === null || row.created_at <= now + 60_000) continue
        change(deliveries, id, { ...free, next_try_at: now, created_at: now })
      }
    },

    async deleteKeysBefore(instant) {
      for (const [key, row] of keys) {
        const isOld = row.created_at < instant && (payments.get(row.payment_id)?.updated_at ?? 0) < instant
        if (!isOld) continue
        remove(keys, key, row)
      }
    },

    async insertDelivery(row) {
      add(deliveries, row.payment_id, { ...row })
    },
    delivery: async (paymentId) => copy(deliveries.get(paymentId)),
    async updateDelivery(paymentId, changes) {
      change(deliveries, paymentId, changes)
    },
    async claimDueDeliveries({ owner, now, until, limit, retries }) {
      const due = [...deliveries.values()].filter(
        (row) => row.next_try_at !== null && row.next_try_at <= now && row.lease_until <= now,
      )
      due.sort((a, b) => (a.next_try_at ?? 0) - (b.next_try_at ?? 0))
      const tried = due.filter((row) => row.tries > 0).slice(0, Math.min(retries, limit))
      const leased = [...tried, ...due.filter((row) => row.tries === 0).slice(0, limit - tried.length)]
      for (const row of leased) change(deliveries, row.payment_id, { lease: owner, lease_until: until })
      return leased.map((row) => ({ ...(deliveries.get(row.payment_id) as DeliveryRow) }))
    },

    async audit(row) {
      append(audit, { ...row, id: audit.length + 1 })
    },
    auditTrail: async (paymentId) => copies(audit.filter((row) => row.payment_id === paymentId)),
    insertFlag: async (row) => add(flags, row.id, { ...row }),
    openFlags: async (limit) =>
      copies([...flags.values()].filter((row) => row.cleared_at === null))
        .sort((a, b) => a.created_at - b.created_at)
        .slice(0, limit),
    async clearFlag(id, now) {
      return flags.get(id)?.cleared_at === null && change(flags, id, { cleared_at: now })
    },

    insertNotification: async (row) => add(notifications, row.id, { ...row }),
    operation: async (id) => copy(operations.get(id)),
    operations: async (paymentId) =>
      copies([...operations.values()].filter((row) => row.payment_id === paymentId)).sort(
        (a, b) => a.created_at - b.created_at,
      ),
    insertOperation: async (row) => add(operations, row.id, { ...row }),
    unfinishedOperations: async (before, limit) =>
      copies([...operations.values()].filter((row) => ['started', 'unknown'].includes(row.state)))
        .filter((row) => row.updated_at <= before)
        .sort((a, b) => a.updated_at - b.updated_at)
        .slice(0, limit),
    async updateOperation(id, changes) {
      change(operations, id, changes)
    },

    async dueLag(now) {
      const due = [...attempts.values()].flatMap(({ next_check_at: at }) => (at !== null && at <= now ? [at] : []))
      return { lagMs: due.length ? now - Math.min(...due) : 0, due: due.length }
    },
  }

  // One transaction after the other, and reads between them: what SQLite does.
  let tail: Promise<unknown> = Promise.resolve()
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }
  const committed = <A extends unknown[], T>(read: (...args: A) => Promise<T>) => {
    return (...args: A) => alone(() => read(...args))
  }

  return {
    tables: { payments, attempts, keys, deliveries, audit, flags },
    rows: {
      paymentByToken: committed(rows.paymentByToken),
      paymentByPurchase: committed(rows.paymentByPurchase),
      payment: committed(rows.payment),
      attempt: committed(rows.attempt),
      attempts: committed(rows.attempts),
      attemptByReference: committed(rows.attemptByReference),
      attemptNotifiedAs: committed(rows.attemptNotifiedAs),
      key: committed(rows.key),
      delivery: committed(rows.delivery),
      auditTrail: committed(rows.auditTrail),
      openFlags: committed(rows.openFlags),
      operations: committed(rows.operations),
      unfinishedOperations: committed(rows.unfinishedOperations),
      dueLag: committed(rows.dueLag),
    },
    transaction: (work) =>
      alone(async () => {
        keep()
        changed = new Set()
        try {
          const value = await work(rows)
          for (const id of changed) for (const listener of listeners) listener(id)
          return value
        } catch (error) {
          takeBack()
          throw error
        } finally {
          keep()
        }
      }),
    releaseClaims: () =>
      alone(async () => {
        for (const { id } of payments.values()) change(payments, id, { claim: null, claim_until: 0 })
        for (const { id } of attempts.values()) change(attempts, id, { lease: null, lease_until: 0 })
        for (const { payment_id } of deliveries.values())
          change(deliveries, payment_id, { lease: null, lease_until: 0 })
      }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ping: async () => {},
    close: async () => {},
  }
}
