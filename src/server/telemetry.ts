/**
 * What the operator can see. The kit speaks to this port; `log.ts` and `metrics.ts` are its usual other side. What one of
 * these functions throws, or rejects with, is caught: no payment fails with it.
 */
export interface Telemetry {
  /** One JSON line; `event` is a stable kebab-case code. Fields never hold secrets or personal data. */
  log(level: 'debug' | 'info' | 'warn' | 'error', event: string, fields?: Readonly<Record<string, unknown>>): void
  /** An error-level line that a person has to act on, counted as `ipay_alarms_total{kind}`. */
  alarm(kind: string, fields: Readonly<Record<string, unknown>> & { readonly reference: string }): void
  /** Adds one to a counter such as `ipay_payments_total`. */
  count(name: string, labels?: Readonly<Record<string, string>>): void
  /** Records seconds in a histogram such as `ipay_gateway_seconds`. */
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void
}

/** Says nothing. */
export const silent: Telemetry = { log() {}, alarm() {}, count() {}, observe() {} }
