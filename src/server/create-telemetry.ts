import type { Registry } from 'prom-client'
import { createLog, type LogOptions } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { Telemetry } from './telemetry.ts'

export interface TelemetryOptions extends LogOptions {
  /** The Prometheus registry to count in; a new one unless given. */
  readonly registry?: Registry
}

/** The usual telemetry: JSON lines on stdout, and counters whose Prometheus text `text` resolves to. */
export function createTelemetry({
  registry,
  ...options
}: TelemetryOptions = {}): Telemetry & { text(): Promise<string> } {
  const { log } = createLog(options)
  const { count, observe, text } = createMetrics(registry)
  return {
    log,
    count,
    observe,
    text,
    alarm(kind, fields) {
      log('error', kind, fields)
      count('ipay_alarms_total', { kind })
    },
  }
}
