import { dirname } from 'node:path'
import { startSandbox } from '../src/sandbox/index.ts'
import { type Clock, type Gateway, IPAY_BASE_URLS, ipayGateway } from '../src/server/index.ts'
import type { Settings } from './settings.ts'

/** The gateway that the settings name, and what has to be ended with the shop. */
export interface ChosenGateway {
  readonly gateway: Gateway
  readonly baseUrl: URL
  stop(): Promise<void>
}

/**
 * Connects to the gateway, and starts its simulator where the environment asks for it.
 * @throws Error with a sentence when the simulator cannot start.
 */
export async function openGateway(settings: Settings, clock: Clock): Promise<ChosenGateway> {
  const journal = journalPath(settings.databaseUrl)
  const simulator =
    settings.environment === 'simulator'
      ? await startSandbox({ port: settings.simulatorPort, clock, ...(journal !== undefined && { journal }) })
      : undefined
  const environment = settings.environment === 'production' ? 'production' : 'sandbox'
  const baseUrl = settings.baseUrl ?? (simulator ? `${simulator.url}/api/pg` : IPAY_BASE_URLS[environment])
  const gateway = ipayGateway({
    environment,
    apiKey: settings.apiKey,
    baseUrl,
    now: clock.now,
    ...(settings.statusCodes && { statusCodes: settings.statusCodes }),
  })
  return { gateway, baseUrl: new URL(baseUrl), stop: async () => simulator?.stop() }
}

/** The simulator's ledger lies beside the shop's database, and survives as that does. */
function journalPath(databaseUrl: string): string | undefined {
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(databaseUrl)?.[1]
  if (file === ':memory:') return undefined
  return file === undefined ? 'data/simulator.jsonl' : `${dirname(file)}/simulator.jsonl`
}
