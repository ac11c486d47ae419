import type { Telemetry } from './telemetry.ts'

/**
 * The shop's telemetry, where nothing that it throws and no promise of it that rejects reaches a payment. Node is told
 * once, as a warning of the process: whoever does not hear alarms must be able to find out.
 */
export function safeTelemetry(given: Telemetry): Telemetry {
  let isTold = false
  function failed(name: keyof Telemetry): void {
    if (isTold) return
    isTold = true
    process.emitWarning(
      `telemetry.${name} failed; payments go on, but what it is told may be lost`,
      'PayWithIpayWarning',
    )
  }

  /** `tell` returns nothing by its type, but an async function fits that type too. */
  function quietly(name: keyof Telemetry, tell: () => unknown): void {
    try {
      const told = tell()
      if (told !== undefined) Promise.resolve(told).catch(() => failed(name))
    } catch {
      failed(name)
    }
  }

  return {
    log: (level, event, fields) => quietly('log', () => given.log(level, event, fields)),
    alarm: (kind, fields) => quietly('alarm', () => given.alarm(kind, fields)),
    count: (name, labels) => quietly('count', () => given.count(name, labels)),
    observe: (name, seconds, labels) => quietly('observe', () => given.observe(name, seconds, labels)),
  }
}
