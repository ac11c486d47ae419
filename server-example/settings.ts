import * as z from 'zod'
import { CRASH_POINTS, type CrashPoint, parseStatusCodes, type StatusCodes } from '../src/server/index.ts'
import { originOnly, plainAddress } from './addresses.ts'
import { faultOfSecret, type Secret, secretInFile } from './secret.ts'
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

const list = (words: readonly string[]) => `must be one of ${words.join(', ')}`

/** A whole number from the text of a variable. `must` completes "NAME …". */
const whole = (min: number, max: number, must: string) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, must)
    .transform(Number)
    .refine((value) => value >= min && value <= max, must)

const port = whole(0, 65_535, 'must be a port number from 0 to 65535')

const address = (read: (text: string) => URL | undefined, must: string) =>
  z.string().transform((text, context) => {
    const url = read(text)
    if (url) return url
    context.addIssue(must)
    return z.NEVER
  })

const ORIGIN = 'an origin such as https://shop.example, without path, query or user name'

const statusCodes = z.string().transform((text, context): StatusCodes => {
  const table = parseStatusCodes(jsonOf(text))
  if (typeof table !== 'string') return table
  context.addIssue(table)
  return z.NEVER
})

/** What the text means as JSON; undefined when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const origins = z.string().transform((text, context): string[] => {
  const urls = splitList(text).map(originOnly)
  if (urls.every((url) => url !== undefined)) return urls.map((url) => url.origin)
  context.addIssue(`must be a comma list, each entry ${ORIGIN}`)
  return z.NEVER
})

/** What the environment may say. Messages complete the sentence "NAME …". */
const Variables = z.object({
  PORT: port.default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an address such as 127.0.0.1')
    .default('127.0.0.1'),
  PUBLIC_URL: address(originOnly, `must be ${ORIGIN}`).optional(),
  IPAY_GATEWAY: z
    .enum(['ipay', 'ipay-payments', 'ipay-sessions'], list(['ipay', 'ipay-payments', 'ipay-sessions']))
    .default('ipay'),
  IPAY_ENVIRONMENT: z
    .enum(['simulator', 'sandbox', 'production'], list(['simulator', 'sandbox', 'production']))
    .default('simulator'),
  IPAY_BASE_URL: address(
    plainAddress,
    'must be an address such as https://app.ipay.com.bd/api/pg, without query or user name',
  ).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(?:file:.+|postgres(?:ql)?:\/\/.+)$/, 'must be file:<path> or postgres://…')
    .default('file:data/shop.db'),
  SIMULATOR_PORT: port.default(3001),
  IPAY_ALLOWED_ORIGINS: origins.default([]),
  IPAY_OPENS_PER_MINUTE: whole(0, 1_000_000, 'must be a whole number from 0 (no limit) to 1000000').default(60),
  IPAY_STATUS_CODES: statusCodes.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, list(LOG_LEVELS)).default('info'),
  IPAY_CRASH_AT: z.enum(CRASH_POINTS, list(CRASH_POINTS)).optional(),
  IPAY_CLOCK_OFFSET_MS: whole(-1e13, 1e13, 'must be a whole number of milliseconds').default(0),
})
export type Variables = z.infer<typeof Variables>

/** The three secrets, by the variable that holds them. */
export type Secrets = Readonly<Record<'IPAY_API_KEY' | 'IPAY_API_SECRET' | 'IPAY_WEBHOOK_SECRET', Secret | null>>

/**
 * Reads and checks every setting. An empty variable counts as unset. Nothing is thrown: all faults come back at once, and
 * no sentence repeats a secret.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): SettingsResult {
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== undefined && text !== ''))
  const problems: string[] = []
  const parsed = Variables.safeParse(given)
  if (!parsed.success)
    problems.push(...parsed.error.issues.map((issue) => `${issue.path[0]?.toString()} ${issue.message}.`))
  const secret = (name: keyof Secrets) => readSecretSetting(name, given, problems)
  const secrets: Secrets = {
    IPAY_API_KEY: secret('IPAY_API_KEY'),
    IPAY_API_SECRET: secret('IPAY_API_SECRET'),
    IPAY_WEBHOOK_SECRET: secret('IPAY_WEBHOOK_SECRET'),
  }
  // A rule between settings is judged on what could be read; the rest of them stand at their defaults meanwhile.
  const bad = new Set(parsed.error?.issues.map((issue) => issue.path[0]))
  const usable =
    parsed.data ?? Variables.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !bad.has(name))))
  const named = (name: string) => problems.some((problem) => problem.startsWith(name))
  problems.push(
    ...faultsBetween(usable, secrets)
      .filter(({ names }) => !names.some(named))
      .map(({ sentence }) => sentence),
  )
  return problems.length ? { problems } : { settings: toSettings(usable, secrets) }
}

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
    apiKey: secrets.IPAY_API_KEY ?? (() => 'simulator-key'),
    apiSecret: secrets.IPAY_API_SECRET,
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

/** A secret from `NAME` or from the file that `NAME_FILE` names; null when neither is set or its fault was noted. */
function readSecretSetting(name: string, given: Record<string, string | undefined>, problems: string[]): Secret | null {
  const text = given[name]
  const path = given[`${name}_FILE`]
  if (text !== undefined && path !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set: keep one of them.`)
    return null
  }
  if (text === undefined && path === undefined) return null
  try {
    const secret = path === undefined ? () => text ?? '' : secretInFile(path)
    const fault = splitList(secret(), name === 'IPAY_WEBHOOK_SECRET')
      .map(faultOfSecret)
      .find(Boolean)
    if (fault === undefined) return secret
    problems.push(
      `${path === undefined ? name : `The file that ${name}_FILE names`} ${fault}: put the gateway's own value there.`,
    )
  } catch {
    problems.push(`${name}_FILE must name a file that this process can read.`)
  }
  return null
}

/** The entries of a comma list, without the spaces around them; the whole text when it is not one. */
function splitList(text: string, isList = true): string[] {
  if (!isList) return [text]
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return parts.length ? parts : [text]
}
