import * as z from 'zod'
import { ownMembers } from '../contract/own-members.ts'
import { CRASH_POINTS, type CrashPoint, type StatusCodes } from '../server/index.ts'
import { originOnly, plainAddress } from './addresses.ts'
import { GATEWAY_VARIABLES, SIMULATOR_JWT } from './gateway-settings.ts'
import type { Secret } from './secret.ts'
import { readSecrets, type SecretRejected, type Secrets } from './secret-settings.ts'
import { address, ORIGIN, oneOf, origins, port, splitList, statusCodes, whole } from './setting-types.ts'
import { faultsBetween } from './settings-rules.ts'

/** Everything the shop can be told from outside, checked. The table of variables is in README.md. */
export interface Settings {
  /** 0: any free port. */
  readonly port: number
  readonly host: string
  /** The only origin that callbacks are built from. Null: `http://localhost:<the port that was taken>`. */
  readonly publicUrl: URL | null
  readonly gateway: 'ipay' | 'ipay-payments' | 'ipay-sessions'
  readonly environment: 'simulator' | 'sandbox' | 'production'
  /** Without trailing slash. Null: the environment's own. */
  readonly baseUrl: string | null
  readonly apiKey: Secret
  readonly apiSecret: Secret | null
  /** How the Payments API is told who asks. */
  readonly auth: 'basic' | 'oauth' | 'jwt'
  /** Where OAuth tokens come from. Null: below the base address. */
  readonly tokenUrl: string | null
  readonly tokenScope: string | null
  readonly captureMethod: 'automatic' | 'manual'
  /** Hosts of payment pages beside those that the gateway's base address speaks for. */
  readonly paymentHosts: readonly string[]
  /** All secrets that a notification may be signed with; several while one is being replaced. */
  readonly webhookSecrets: (() => readonly string[]) | null
  readonly databaseUrl: string
  readonly simulatorPort: number
  readonly allowedOrigins: readonly string[]
  /** New attempts per client address and minute; 0 is off. */
  readonly opensPerMinute: number
  /** Null: the gateway adapter's own assumptions. */
  readonly statusCodes: StatusCodes | null
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly crashAt: CrashPoint | null
  readonly clockOffsetMs: number
}

/** `settings`, or one sentence for every setting that has to be changed. */
export type SettingsResult = { readonly settings: Settings } | { readonly problems: readonly string[] }

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** What the environment may say. Messages complete the sentence "NAME …". */
const Variables = z.object({
  PORT: port.default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an address such as 127.0.0.1')
    .default('127.0.0.1'),
  PUBLIC_URL: address(originOnly, `must be ${ORIGIN}`).optional(),
  IPAY_GATEWAY: oneOf(['ipay', 'ipay-payments', 'ipay-sessions']).default('ipay'),
  IPAY_ENVIRONMENT: oneOf(['simulator', 'sandbox', 'production']).default('simulator'),
  IPAY_BASE_URL: address(
    plainAddress,
    'must be an address such as https://app.ipay.com.bd/api/pg, without query or user name',
  ).optional(),
  ...GATEWAY_VARIABLES,
  DATABASE_URL: z
    .string()
    .regex(/^(?:file:.+|postgres(?:ql)?:\/\/.+)$/, 'must be file:<path> or postgres://…')
    .default('file:data/shop.db'),
  SIMULATOR_PORT: port.default(3001),
  IPAY_ALLOWED_ORIGINS: origins.default([]),
  IPAY_OPENS_PER_MINUTE: whole(0, 1_000_000, 'must be a whole number from 0 (no limit) to 1000000').default(60),
  IPAY_STATUS_CODES: statusCodes.optional(),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  IPAY_CRASH_AT: oneOf(CRASH_POINTS).optional(),
  IPAY_CLOCK_OFFSET_MS: whole(-1e13, 1e13, 'must be a whole number of milliseconds').default(0),
})
export type Variables = z.infer<typeof Variables>

/**
 * Reads and checks every setting. An empty variable counts as unset. Nothing is thrown: all faults come back at once, and
 * no sentence repeats a secret.
 * @param rejected told later on of secrets in files that changed to something that cannot be used; default nobody
 */
export function readSettings(env: Env, rejected: SecretRejected = () => {}): SettingsResult {
  const given = entriesOf(env, (_name, text) => text !== undefined && text !== '')
  const problems: string[] = []
  const parsed = Variables.safeParse(given)
  if (!parsed.success)
    problems.push(...parsed.error.issues.map((issue) => `${issue.path[0]?.toString()} ${issue.message}.`))
  const secrets = readSecrets(given, problems, rejected)
  // A rule between settings is judged on what could be read; the rest of them stand at their defaults meanwhile.
  const bad = new Set(parsed.error?.issues.map((issue) => issue.path[0]))
  const usable = ownMembers(parsed.data ?? Variables.parse(entriesOf(given, (name) => !bad.has(name))))
  const named = (name: string) => problems.some((problem) => problem.startsWith(name))
  problems.push(
    ...faultsBetween(usable, secrets)
      .filter(({ names }) => !names.some(named))
      .map(({ sentence }) => sentence),
  )
  return problems.length ? { problems } : { settings: toSettings(usable, secrets) }
}

type Env = Readonly<Record<string, string | undefined>>

/** The variables that are wanted; one that nobody set is not looked for in a prototype either. */
const entriesOf = (env: Env, isWanted: (name: string, text: string | undefined) => boolean): Env =>
  ownMembers(Object.fromEntries(Object.entries(env).filter(([name, text]) => isWanted(name, text))))

function toSettings(values: Variables, secrets: Secrets): Settings {
  const webhook = secrets.IPAY_WEBHOOK_SECRET
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? null,
    gateway: values.IPAY_GATEWAY,
    environment: values.IPAY_ENVIRONMENT,
    baseUrl: values.IPAY_BASE_URL?.href.replace(/\/$/, '') ?? null,
    // Only the simulator goes without a key of its own: it takes any.
    apiKey: secrets.IPAY_API_KEY ?? (() => (values.IPAY_AUTH === 'jwt' ? SIMULATOR_JWT : 'simulator-key')),
    apiSecret: secrets.IPAY_API_SECRET,
    auth: values.IPAY_AUTH ?? 'basic',
    tokenUrl: values.IPAY_TOKEN_URL?.href ?? null,
    tokenScope: values.IPAY_TOKEN_SCOPE ?? null,
    captureMethod: values.IPAY_CAPTURE ?? 'automatic',
    paymentHosts: values.IPAY_PAYMENT_HOSTS,
    webhookSecrets: webhook && (() => splitList(webhook())),
    databaseUrl: values.DATABASE_URL,
    simulatorPort: values.SIMULATOR_PORT,
    allowedOrigins: values.IPAY_ALLOWED_ORIGINS,
    opensPerMinute: values.IPAY_OPENS_PER_MINUTE,
    statusCodes: values.IPAY_STATUS_CODES ?? null,
    logLevel: values.LOG_LEVEL,
    crashAt: values.IPAY_CRASH_AT ?? null,
    clockOffsetMs: values.IPAY_CLOCK_OFFSET_MS,
  }
}
