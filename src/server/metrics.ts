import { Counter, Histogram, Registry } from 'prom-client'
import type { Telemetry } from './telemetry.ts'

interface MetricRow {
  readonly kind: 'counter' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper bounds in seconds, histograms only. */
  readonly buckets?: readonly number[]
}

/** Every metric of the kit. A name that is not here is not counted; a label that is not in its row is dropped. */
export const METRICS = {
  ipay_payments_total: {
    kind: 'counter',
    help: 'Payments by what became of them: opened, resumed, paid, cancelled, failed, expired, unresolved',
    labels: ['outcome'],
  },
  ipay_declines_total: { kind: 'counter', help: 'Failed payments by reason', labels: ['reason'] },
  ipay_alarms_total: { kind: 'counter', help: 'Things that a person has to look at', labels: ['kind'] },
  ipay_deliveries_total: { kind: 'counter', help: 'Calls of the paid handler by outcome', labels: ['outcome'] },
  ipay_notifications_total: {
    kind: 'counter',
    help: 'Signed notifications: stored, repeated, of an unknown type',
    labels: ['outcome'],
  },
  ipay_operations_total: {
    kind: 'counter',
    help: 'Refunds, captures and voids that the gateway was asked for, by outcome',
    labels: ['kind', 'outcome'],
  },
  ipay_http_requests_total: { kind: 'counter', help: 'Requests by route and HTTP status', labels: ['route', 'status'] },
  ipay_gateway_seconds: {
    kind: 'histogram',
    help: 'Calls to the gateway, by operation and outcome',
    labels: ['operation', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 10, 15],
  },
  ipay_due_lag_seconds: {
    kind: 'histogram',
    help: 'How late a due question to the gateway, or a due delivery, was taken up',
    labels: [],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
} as const satisfies Record<string, MetricRow>

export type MetricName = keyof typeof METRICS

/** The counting half of Telemetry, and its text for `GET /metrics`. */
export interface Metrics extends Pick<Telemetry, 'count' | 'observe'> {
  /** Prometheus text format. */
  text(): Promise<string>
}

/** Counts in `registry`, a new one unless given; the same registry may be used by several kits of one process. */
export function createMetrics(registry: Registry = new Registry()): Metrics {
  const counters = new Map<string, Counter>()
  const histograms = new Map<string, Histogram>()
  for (const [name, row] of Object.entries<MetricRow>(METRICS)) {
    const settings = { name, help: row.help, labelNames: [...row.labels], registers: [registry] }
    const known = registry.getSingleMetric(name)
    if (row.kind === 'counter') {
      counters.set(name, known instanceof Counter ? known : new Counter(settings))
    } else {
      const buckets = [...(row.buckets ?? [])]
      histograms.set(name, known instanceof Histogram ? known : new Histogram({ ...settings, buckets }))
    }
  }
  return {
    count: (name, labels) => counters.get(name)?.inc(declared(name, labels)),
    observe(name, seconds, labels) {
      if (Number.isFinite(seconds)) histograms.get(name)?.observe(declared(name, labels), seconds)
    },
    text: () => registry.metrics(),
  }
}

/** The labels that the metric's row names. Telemetry must never be what fails, so anything else is left out. */
function declared(name: string, labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  const rows: Readonly<Record<string, MetricRow>> = METRICS
  const names = rows[name]?.labels ?? []
  return Object.fromEntries(
    names.filter((label) => Object.hasOwn(labels, label)).map((label) => [label, labels[label] ?? '']),
  )
}
