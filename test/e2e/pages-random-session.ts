import type { Engine, Tab } from '../support/engines/index.ts'
import type { SandboxFault } from '../support/sandbox-control.ts'
import { cartOf, enterShop, MEMBERS, ordersOf, payAs, stateOf } from '../support/shopper.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const BUSY = ['starting', 'redirecting']
const POST = 'POST /ipay/orders'

/**
 * A press by a script: as fast as no hand, and never in the way of what a browser shows on top. No hand finds the button of
 * an empty cart, which is what a buyer has after a purchase.
 */
const clickPay = (tab: Tab): Promise<void> =>
  tab.evaluate(() => {
    const button = document.querySelector('ipay-button')?.shadowRoot?.querySelector<HTMLElement>('[part=button]')
    if (button?.getClientRects().length) button.click()
  })

/** What one session did, and the rules that it broke; none is good. */
export interface SessionReport {
  readonly acts: readonly string[]
  readonly problems: readonly string[]
}

/** One buyer with a cart and a browser of their own, and one to six accidents in a random order. */
export async function randomSession(world: World, engine: Engine, seed: number): Promise<SessionReport> {
  const random = randomFrom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const visitor = await engine.newVisitor({ size: { width: 420, height: 800 } })
  const tab = await visitor.newTab()
  const acts: string[] = []
  const problems: string[] = []
  const { proxy } = world
  if (!proxy) throw new Error('random sessions need a proxy')

  const atGateway = async () => (await tab.url()).startsWith(world.sandboxUrl)
  const atShop = async () => (await tab.url()).startsWith(world.url)

  /** Presses the button of the shop's page and waits for an end of it: away, or a state with something to do. */
  async function press(): Promise<void> {
    if (!(await atShop())) await tab.open(world.url)
    await until('the button', async () => (await stateOf(tab, 'ipay-button')) !== undefined)
    await clickPay(tab)
    await settle()
  }

  /** V6: nothing is busy for longer than a request and a blocked navigation may take. */
  async function settle(): Promise<void> {
    const busy = async () => BUSY.includes((await stateOf(tab, 'ipay-button')) ?? '')
    await until('the button to be free', async () => !(await busy()) || (await atGateway()), { within: 33_000 }).catch(
      () => problems.push(`V6: the button is still busy`),
    )
    await lookAround()
  }

  /** V5, V8 and V10: where the browser is, and what the page claims. */
  async function lookAround(): Promise<void> {
    const url = await tab.url()
    if (![world.url, world.sandboxUrl, 'chrome-error://', 'about:'].some((known) => url.startsWith(known))) {
      problems.push(`V5: the browser went to ${url}`)
    }
    if (!url.startsWith(world.url)) return
    for (const tag of ['ipay-button', 'ipay-result'] as const) {
      const claim = await stateOf(tab, tag)
      if (claim === 'paid' && !(await world.sandbox.orders()).some(({ state }) => state === 'paid')) {
        problems.push('V8: the page says paid, and the ledger knows no payment')
      }
      const words = (await tab.text(`${tag} >>> [part=message]`)) ?? ''
      if (/undefined|NaN|\[object|TypeError|SQLITE|Exception|HTTP \d/.test(words)) problems.push(`V10: "${words}"`)
    }
  }

  const faults = (...list: SandboxFault[]) => world.sandbox.setFaults(list)
  const cut = (direction: 'up' | 'down', at: number, request = POST) =>
    proxy.cut({ direction, at, do: 'close', request, seen: random() < 0.5 })

  const ACCIDENTS: Readonly<Record<string, () => Promise<void>>> = {
    'reply cut': async () => {
      cut('down', Math.floor(random() * 900))
      await press()
    },
    'request cut': async () => {
      cut('up', Math.floor(random() * 300))
      await press()
    },
    'status cut': async () => cut('down', Math.floor(random() * 300), 'GET /ipay/orders'),
    'connections dropped': async () => proxy.drop(),
    'gateway drops the reply': async () => {
      await faults({ on: 'create', do: 'drop-reply', times: 1 })
      await press()
    },
    'gateway answers 500': async () => {
      await faults({ on: 'create', do: 'status', value: 500, times: 1 })
      await press()
    },
    'gateway answers html': async () => {
      await faults({ on: 'create', do: 'html', times: 1 })
      await press()
    },
    'gateway answers garbage': async () => {
      await faults({ on: 'create', do: 'garbage', times: 1 })
      await press()
    },
    'gateway is late': async () => {
      await faults({ on: 'create', do: 'delay', ms: 400, times: 2 })
      await press()
    },
    'status unreadable': async () =>
      faults({ on: 'status', do: pick(['status', 'html', 'garbage'] as const), value: 503, times: 2 }),
    press,
    'double press': async () => {
      if (await atShop()) await Promise.all([clickPay(tab), clickPay(tab)]).catch(() => undefined)
      await settle()
    },
    reload: async () => {
      await tab.reload().catch(() => undefined)
      await settle()
    },
    back: async () => {
      await tab.back()
      await settle()
    },
    forward: async () => {
      await tab.forward()
      await settle()
    },
    'reload in mid-request': async () => {
      await faults({ on: 'create', do: 'delay', ms: 300, times: 1 })
      if (!(await atShop())) await tab.open(world.url)
      await clickPay(tab).catch(() => undefined)
      if (await atShop()) await tab.reload().catch(() => undefined)
      await settle()
    },
    'start over': async () => {
      await tab.evaluate(() => {
        const element = document.querySelector('ipay-button')
        if (element && 'reset' in element && typeof element.reset === 'function') element.reset()
      })
    },
    'another tab pays': async () => {
      const beside: Tab = await visitor.newTab()
      await beside.open(world.url)
      await clickPay(beside)
      await beside.close()
    },
    'pays unseen': async () => {
      const [order] = (await ordersOf(world, cart)).filter(({ state }) => state === 'created')
      if (order) await world.sandbox.act(order.orderId, 'pay')
    },
    'cancels unseen': async () => {
      const [order] = (await ordersOf(world, cart)).filter(({ state }) => state === 'created')
      if (order) await world.sandbox.act(order.orderId, pick(['cancel', 'fail', 'expire', 'error'] as const))
    },
  }

  let cart = ''
  try {
    cart = await enterShop(tab, world)
    const count = 1 + Math.floor(random() * 6)
    for (let step = 0; step < count; step++) {
      const name = pick(Object.keys(ACCIDENTS))
      acts.push(name)
      await ACCIDENTS[name]?.()
    }
    // The accidents are over: now the buyer must get to the end.
    proxy.mend()
    await faults()
    acts.push(await finish())
  } catch (error) {
    problems.push(`the session ended early: ${error instanceof Error ? error.message : String(error)}`)
  }
  problems.push(...tab.faults.map((fault) => `V9: ${fault}`))
  await visitor.close()
  proxy.mend()
  await faults()
  let open: string[] = []
  const agree = async () => {
    open = await world.violations({ settled: true })
    return open.length === 0
  }
  await until('the books to agree', agree, { within: 30_000 }).catch(() => problems.push(...open))
  return { acts, problems }

  /** Opens the shop again and tries to pay with what is left to do. */
  async function finish(): Promise<string> {
    await tab.open(world.url)
    await until('the button', async () => (await stateOf(tab, 'ipay-button')) !== undefined)
    if ((await cartOf(tab)) !== cart) return 'was paid'
    const end = await until(
      'the payment page or the news',
      async () => {
        if ((await atGateway()) && (await tab.text('h1')) !== undefined) return 'gateway'
        const state = (await stateOf(tab, 'ipay-button').catch(() => undefined)) ?? ''
        if (/^(paid|confirming|unresolved)$/.test(state)) return state
        if (state && !BUSY.includes(state)) {
          await clickPay(tab)
        }
        return undefined
      },
      { within: 60_000, every: 200 },
    )
    if (end !== 'gateway') return `ends ${end}`
    if (!(await tab.text('input[name=member]'))?.length && !(await tab.attribute('input[name=member]', 'name'))) {
      return 'ends at the gateway'
    }
    await payAs(tab, MEMBERS.pays)
    await until('the return', async () => (await atShop()) && (await stateOf(tab, 'ipay-result')) === 'paid', {
      within: 40_000,
    })
    return 'pays'
  }
}
