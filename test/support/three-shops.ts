import { startSandbox } from '../../src/sandbox/index.ts'
import { createCanary } from './canary.ts'
import { freePort } from './free-port.ts'
import { checkLedger } from './ledger-check.ts'
import { startPostgres, type ThrowAwayPostgres } from './postgres.ts'
import { type SandboxControl, sandboxControl } from './sandbox-control.ts'
import { type ShopProcess, startShop } from './shop.ts'
import { openShopDatabase, type ShopDatabase } from './shop-database.ts'

/** Three processes of one shop, as behind a load balancer: one database of a throw-away cluster, one gateway. */
export interface ThreeShops {
  readonly cluster: ThrowAwayPostgres
  readonly databaseUrl: string
  readonly sandbox: SandboxControl
  readonly database: ShopDatabase
  /** Addresses of the processes, in a fixed order. */
  readonly urls: readonly string[]
  /** SIGKILL to one of them. */
  kill(index: number): Promise<void>
  /** Starts a killed one again, at the same address. */
  revive(index: number): Promise<void>
  /** What the invariants V1–V4 and V7 say now; empty is good. */
  violations(): Promise<string[]>
  stop(): Promise<void>
}

/** Starts all three at the same moment on an empty database; the clock of the second one is 2 s behind the others'. */
export async function startThreeShops(): Promise<ThreeShops> {
  const cluster = await startPostgres()
  const simulator = await startSandbox({ port: 0, host: '127.0.0.1' })
  const databaseUrl = await cluster.createDatabase()
  const database = openShopDatabase(databaseUrl)
  const sandbox = sandboxControl(simulator.url)
  const canary = createCanary()
  const ports = [await freePort(), await freePort(), await freePort()]
  const settings = {
    IPAY_ENVIRONMENT: 'sandbox',
    IPAY_GATEWAY: 'ipay',
    IPAY_BASE_URL: new URL('/api/pg', simulator.url).href,
    IPAY_API_KEY: canary.key,
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: `http://localhost:${ports[0]}`,
    IPAY_OPENS_PER_MINUTE: '0',
    LOG_LEVEL: 'debug',
  }
  const outputs: (() => string)[] = []
  async function start(index: number): Promise<ShopProcess> {
    const shop = await startShop({
      ...settings,
      PORT: String(ports[index]),
      ...(index === 1 && { IPAY_CLOCK_OFFSET_MS: '-2000' }),
    })
    outputs.push(shop.output)
    return shop
  }
  const shops = await Promise.all([start(0), start(1), start(2)]).catch(async (error: unknown) => {
    await simulator.stop()
    await cluster.stop()
    throw error
  })
  return {
    cluster,
    databaseUrl,
    sandbox,
    database,
    urls: ports.map((port) => `http://localhost:${port}`),
    kill: async (index) => shops[index]?.kill(),
    async revive(index) {
      shops[index] = await start(index)
    },
    async violations() {
      for (const [index, output] of outputs.entries()) canary.collect(`output of shop ${index + 1}`, output())
      return [
        ...checkLedger({ orders: await sandbox.orders(), rows: await database.read(), settled: true }),
        ...canary.sightings().map((source) => `V7: the gateway's key is in ${source}`),
      ]
    },
    async stop() {
      await database.close()
      await Promise.all(shops.map((shop) => shop.stop()))
      await simulator.stop()
      await cluster.stop()
    },
  }
}
