import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GATEWAY_PATHS, startSandbox } from '../../src/sandbox/index.ts'
import { type Canary, createCanary } from './canary.ts'
import { freePort } from './free-port.ts'
import { checkLedger } from './ledger-check.ts'
import { type CuttingProxy, startProxy } from './proxy.ts'
import { type SandboxControl, sandboxControl } from './sandbox-control.ts'
import { type ShopProcess, type ShopSettings, startShop } from './shop.ts'
import { openShopDatabase, type ShopDatabase } from './shop-database.ts'

/** Shop, simulator and database, each at its own address, with a canary for a key. */
export interface World {
  /** Where a buyer opens the shop: its own address, or the proxy's. */
  readonly url: string
  readonly sandboxUrl: string
  readonly sandbox: SandboxControl
  readonly canary: Canary
  readonly databaseUrl: string
  readonly database: ShopDatabase
  /** The running shop; another one after `restart`. */
  readonly shop: ShopProcess
  /** Between the buyer and the shop; only when asked for. */
  readonly proxy: CuttingProxy | undefined
  /** Settings of the shop, as it is started next. */
  restart(settings?: ShopSettings): Promise<ShopProcess>
  /** What the invariants V1–V4 and V7 say now; empty is good. `settled`: all paid orders must be fulfilled or flagged. */
  violations(options?: { readonly settled?: boolean }): Promise<string[]>
  stop(): Promise<void>
}

/** What a world is made with. */
export interface WorldOptions {
  readonly settings?: ShopSettings
  /** Puts a cutting proxy between buyer and shop. */
  readonly proxied?: boolean
  /** `postgres://…` in place of a SQLite file of its own. */
  readonly databaseUrl?: string
  /** Which of the three gateways; default the order gateway. */
  readonly gateway?: keyof typeof GATEWAY_PATHS
}

/** Starts simulator and shop on free ports with an empty database in a folder of its own. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const gateway = options.gateway ?? 'ipay'
  const folder = mkdtempSync(join(tmpdir(), 'ipay-world-'))
  const canary = createCanary()
  const simulator = await startSandbox({ port: 0, host: '127.0.0.1' })
  const port = await freePort()
  const proxy = options.proxied ? await startProxy({ port }) : undefined
  const url = proxy?.url ?? `http://localhost:${port}`
  const databaseUrl = options.databaseUrl ?? `file:${join(folder, 'shop.db')}`
  const base = {
    IPAY_ENVIRONMENT: 'sandbox',
    IPAY_GATEWAY: gateway,
    IPAY_BASE_URL: new URL(GATEWAY_PATHS[gateway], simulator.url).href,
    IPAY_API_KEY: canary.key,
    ...(gateway !== 'ipay' && {
      IPAY_API_SECRET: `${canary.key}_secret`,
      IPAY_WEBHOOK_SECRET: `${canary.key}_webhooks`,
    }),
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    PUBLIC_URL: url,
    IPAY_OPENS_PER_MINUTE: '0',
    LOG_LEVEL: 'debug',
  }

  const shops: ShopProcess[] = []
  async function start(settings: ShopSettings = {}): Promise<ShopProcess> {
    const shop = await startShop({ ...base, ...options.settings, ...settings })
    shops.push(shop)
    return shop
  }
  await start().catch(async (error: unknown) => {
    await proxy?.stop()
    await simulator.stop()
    rmSync(folder, { recursive: true, force: true })
    throw error
  })

  const sandbox = sandboxControl(simulator.url)
  const database = openShopDatabase(databaseUrl)
  const current = () => {
    const shop = shops.at(-1)
    if (!shop) throw new Error('no shop was started')
    return shop
  }
  return {
    url,
    sandboxUrl: simulator.url,
    sandbox,
    canary,
    databaseUrl,
    database,
    proxy,
    get shop() {
      return current()
    },
    async restart(settings) {
      await current().kill()
      return start(settings)
    },
    async violations({ settled = false } = {}) {
      for (const [index, shop] of shops.entries()) canary.collect(`output of shop ${index + 1}`, shop.output())
      canary.collectFolder(folder)
      const leaks = canary.sightings().map((source) => `V7: the gateway's key is in ${source}`)
      return [
        ...(await checkLedger({ orders: await sandbox.orders(), rows: await database.read(), settled })),
        ...leaks,
      ]
    },
    async stop() {
      await database.close()
      await current().stop()
      await proxy?.stop()
      await simulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
