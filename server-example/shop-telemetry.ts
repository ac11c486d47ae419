import { createTelemetry } from '../src/server/index.ts'
import type { Settings } from '../src/settings/settings.ts'

/** The shop's log and counters, after a first line for a setting that is allowed and hardly meant. */
export function shopTelemetry(settings: Settings): ReturnType<typeof createTelemetry> {
  const telemetry = createTelemetry({ level: settings.logLevel, secrets: () => secretsOf(settings) })
  if (settings.statusCodes && !Object.values(settings.statusCodes).includes('created')) {
    telemetry.log('warn', 'no-code-for-created', {
      detail:
        'IPAY_STATUS_CODES replaces our whole table and maps no number to "created": a payment that is open will be unresolved.',
    })
  }
  return telemetry
}

/** Texts that no log line may hold, as they are now: keys are rotated. */
function secretsOf({ apiKey, apiSecret, webhookSecrets }: Settings): string[] {
  return [apiKey(), ...(apiSecret ? [apiSecret()] : []), ...(webhookSecrets?.() ?? [])]
}
