import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { GATEWAY_PATHS, type RunningSandbox, startSandbox } from '../src/sandbox/index.ts'
import {
  type Clock,
  type Gateway,
  IPAY_BASE_URLS,
  IPAY_PAYMENTS_BASE_URLS,
  IPAY_SESSIONS_BASE_URL,
  ipayGateway,
  ipayPaymentsGateway,
  ipaySessionsGateway,
} from '../src/server/index.ts'
import { paymentsAuth } from '../src/settings/payments-auth.ts'
import type { Settings } from '../src/settings/settings.ts'

/** The gateway that the settings name, and what has to be ended with the shop. */
export interface ChosenGateway {
  readonly gateway: Gateway
  readonly baseUrl: URL
  /** The simulator's own origin; null where the gateway is a real one. */
  readonly simulator: URL | null
  stop(): Promise<void>
}

/**
 * Connects to the gateway, and starts its simulator where the environment asks for it.
 * @param notifications the shop's own address for gateways that call it, as reached on this machine
 * @throws Error with a sentence when the simulator cannot start.
 */
export async function openGateway(settings: Settings, clock: Clock, notifications: string): Promise<ChosenGateway> {
  // Both ends of a simulated notification are in this process, so nobody has to think of a secret.
  const generated = randomBytes(24).toString('hex')
  const webhookSecret = settings.webhookSecrets ?? (() => (settings.environment === 'simulator' ? [generated] : []))
  const simulator =
    settings.environment === 'simulator'
      ? await startSimulator(settings, clock, { url: notifications, secret: webhookSecret()[0] ?? generated })
      : undefined
  const environment = settings.environment === 'production' ? 'production' : 'sandbox'
  const simulated = simulator && `${simulator.url}${GATEWAY_PATHS[settings.gateway]}`
  const publicUrls = {
    ipay: IPAY_BASE_URLS[environment],
    'ipay-payments': IPAY_PAYMENTS_BASE_URLS[environment],
    'ipay-sessions': IPAY_SESSIONS_BASE_URL,
  }
  const baseUrl = settings.baseUrl ?? simulated ?? publicUrls[settings.gateway]
  const common = { environment, baseUrl, apiKey: settings.apiKey, webhookSecret, now: clock.now } as const
  return {
    gateway: adapterOf(settings, common),
    baseUrl: new URL(baseUrl),
    simulator: simulator ? new URL(simulator.url) : null,
    stop: async () => simulator?.stop(),
  }
}

interface Common {
  readonly environment: 'sandbox' | 'production'
  readonly baseUrl: string
  readonly apiKey: () => string
  readonly webhookSecret: () => readonly string[]
  readonly now: () => number
}

function adapterOf(settings: Settings, common: Common): Gateway {
  const { gateway, statusCodes, captureMethod } = settings
  switch (gateway) {
    case 'ipay':
      return ipayGateway({ ...common, ...(statusCodes && { statusCodes }) })
    case 'ipay-payments':
      return ipayPaymentsGateway({ ...common, auth: paymentsAuth(settings), captureMethod })
    case 'ipay-sessions':
      return ipaySessionsGateway(common)
  }
}

/** The simulator on its own origin; its ledger lies beside the shop's database, and survives as that does. */
function startSimulator(
  { simulatorPort, databaseUrl, gateway }: Settings,
  clock: Clock,
  target: { readonly url: string; readonly secret: string },
): Promise<RunningSandbox> {
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(databaseUrl)?.[1]
  const journal = file === ':memory:' ? undefined : `${file === undefined ? 'data' : dirname(file)}/simulator.jsonl`
  return startSandbox({
    port: simulatorPort,
    clock,
    ...(journal !== undefined && { journal }),
    ...(gateway !== 'ipay' && { webhooks: { [gateway]: target } }),
  }).catch((error: unknown) => {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error
    throw new Error(
      `Port ${simulatorPort} is in use: set SIMULATOR_PORT to another one, or end the program that uses it.`,
    )
  })
}
