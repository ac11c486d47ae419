import { type DestinationStream, pino, stdTimeFunctions } from 'pino'
import { cleanFields } from './log-cleaning.ts'
import type { Telemetry } from './telemetry.ts'

export interface LogOptions {
  /** `debug`, `info` (default), `warn`, `error` or `silent`. */
  readonly level?: string
  /** Where the lines go; stdout unless given. */
  readonly stream?: DestinationStream
  /** Exact texts that are never written, asked for at each line because keys are rotated. */
  readonly secrets?: () => readonly string[]
}

/**
 * JSON lines with `level`, `time` (ISO 8601) and `event`. Secrets, tokens and phone numbers are masked by the names and
 * the shapes of values, and one line stays one line whatever the values hold. Writing never throws.
 */
export function createLog({ level = 'info', stream, secrets = () => [] }: LogOptions = {}): Pick<Telemetry, 'log'> {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const logger = stream ? pino(options, stream) : pino(options)
  return {
    log(severity, event, fields = {}) {
      if (!logger.isLevelEnabled(severity)) return
      const line = { event, ...without(cleanSafely(fields, secrets)) }
      try {
        logger[severity](line)
      } catch {
        // The stream is the shop's: a full disk or a closed pipe costs the line, never the payment it is about.
      }
    },
  }
}

/** A getter that throws, or secrets that cannot be read now, must not take a payment down with it. */
function cleanSafely(fields: Readonly<Record<string, unknown>>, secrets: () => readonly string[]) {
  try {
    return cleanFields(fields, secrets())
  } catch {
    return { unreadable: true }
  }
}

/** The line's own members cannot be overwritten by a field. */
function without({
  event: _event,
  level: _level,
  time: _time,
  ...rest
}: Record<string, unknown>): Record<string, unknown> {
  return rest
}
