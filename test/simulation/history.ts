import { setImmediate as turn } from 'node:timers/promises'
import { bdt, type Money } from '../../src/contract/money.ts'
import type { OpenReply } from '../../src/contract/schemas.ts'
import { CRASH_POINTS } from '../../src/server/crash-points.ts'
import { OrderRefused, type PaidPayment } from '../../src/server/payments/deps.ts'
import { ProblemError } from '../../src/server/problem-error.ts'
import type { Store } from '../../src/server/store/port.ts'
import { scriptedGateway } from '../support/scripted-gateway.ts'
import { watchedStore } from '../support/watched-store.ts'
import { simulatedClock } from './clock.ts'
import { ConnectionLost, type Instance, type Surroundings, startInstance } from './instance.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'
import { drawProfile, openBehaviour, type Profile, REASONS, readBehaviour } from './profile.ts'
import { type Dice, diceOf, hashOf } from './random.ts'
import { createWatch } from './watch.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 10, 21, 12)
/** In how much time all buyers of a history act. */
const LENGTH = 20 * MINUTE
const PRICES: readonly Money[] = [bdt('1250.00'), bdt('1300.00'), bdt('99.99')]

/** What one seed led to. */
export interface History {
  readonly seed: number
  /** Of every line of the trace: the same seed has the same. */
  readonly hash: string
  readonly violations: readonly string[]
  readonly trace: readonly string[]
  readonly profile: Profile
  readonly presses: number
  readonly kills: number
  readonly paid: number
}

export interface HistoryOptions {
  /** Keep every line, for a person. */
  readonly keepTrace?: boolean
  /** A second store that everything is done to as well, and compared. */
  readonly beside?: (store: MemoryStore) => Store
}

interface Purchase {
  readonly id: string
  price: Money
  priceVersion: number
  order: unknown
  key: string
  keys: number
  token: string | undefined
  sawPaid: boolean
  /** The price that the last answered press was told, and when. */
  told: Money | undefined
  toldAt: number
  pressing: number
  /** Prices that presses since then may have told to the kit alone, whatever they were answered; minor units. */
  readonly maybeTold: Set<number>
  /** What each key was last answered with, under which version of the price. */
  readonly replies: Map<string, { readonly reply: OpenReply; readonly priceVersion: number }>
}

/** Runs the history of one seed: buyers, shop, gateway, database, network and clock are all decided by it. */
export async function runHistory(seed: number, options: HistoryOptions = {}): Promise<History> {
  const dice = diceOf(seed, 'history')
  const profile = drawProfile(dice.fork('profile'))
  const clock = simulatedClock(START)
  const gateway = scriptedGateway({ clock, graceMs: profile.graceMs })
  const memory = memoryStore()
  // A real database answers in real time: the clock stands still while it is being waited for.
  const busy = { count: 0 }
  const store = options.beside ? watchedStore(options.beside(memory), busy) : memory
  const watch = createWatch(gateway, memory)
  const network = dice.fork('network')
  const buyers = dice.fork('buyers')
  const schedule = dice.fork('schedule')

  let hash = 0x811c9dc5
  const trace: string[] = []
  const note = (line: string) => {
    const text = `${clock.now() - START} ${line}`
    hash = hashOf(text, hash)
    if (options.keepTrace) trace.push(text)
  }

  let isCalm = false
  let calmSince = Number.POSITIVE_INFINITY
  gateway.behave.open = () => (isCalm ? { replyMs: 50 } : openBehaviour(network, profile))
  gateway.behave.read = ({ orderId }) => (isCalm ? { replyMs: 50 } : readBehaviour(network, profile, orderId !== null))

  const purchases: Purchase[] = Array.from({ length: profile.purchases }, (_, i) => ({
    id: `cart-${i}`,
    price: PRICES[0] as Money,
    priceVersion: 0,
    order: { cart: `cart-${i}` },
    key: `key-of-cart-${i}-0`,
    keys: 0,
    token: undefined,
    sawPaid: false,
    told: undefined,
    toldAt: 0,
    pressing: 0,
    maybeTold: new Set(),
    replies: new Map(),
  }))

  const surroundings: Surroundings = {
    clock,
    gateway,
    store,
    profile,
    isCalm: () => isCalm,
    price(order) {
      const cart = (order as { cart?: string }).cart
      const purchase = purchases.find(({ id }) => id === cart)
      if (!purchase) throw new OrderRefused()
      return { purchaseId: purchase.id, amount: purchase.price, description: 'Two mugs' }
    },
    handle: (payment, own) => handle(payment, own),
    note,
    // A clock that jumps, and a process that slept, outlive claims without being dead.
    opening: (reference, isAway) => watch.opening(reference, () => profile.clockJumps || profile.freezes || isAway()),
    complain(level, event, { error }) {
      note(`${level} ${event} ${error}`)
      if (clock.now() - calmSince > MINUTE) watch.complain(`V9: ${event} in calm times: ${error}`)
    },
    alarm: (kind, reference) => note(`alarm ${kind} ${reference}`),
  }

  /** The shop's paid handler: works, throws, throws after it worked, or hangs. */
  async function handle(payment: PaidPayment, own: Dice): Promise<void> {
    const bad = !isCalm && own.chance(profile.handler)
    watch.handling(payment)
    const fate = bad ? own.pick(['throws', 'half-done', 'hangs', 'slow'] as const) : 'works'
    note(`handler ${payment.purchaseId} ${fate}`)
    if (fate === 'throws') throw new Error('the warehouse is closed')
    if (fate === 'hangs') return new Promise(() => {})
    const slowMs = fate === 'slow' ? own.int(10, 60_000) : 0
    if (slowMs > 0) await new Promise<void>((resolve) => clock.after(slowMs, resolve))
    watch.handled(payment)
    checkPrice(payment)
    if (fate === 'half-done') throw new Error('the mail server is down')
  }

  /** F13: what is fulfilled was paid at the price that the shop had told last, or had meant to tell since. */
  function checkPrice({ purchaseId, amount, reference }: PaidPayment): void {
    const purchase = purchases.find(({ id }) => id === purchaseId)
    const paidAt = gateway.order(reference).paidAt ?? 0
    if (!purchase?.told || purchase.pressing > 0 || purchase.toldAt >= paidAt) return
    if (purchase.told.minor !== amount.minor && !purchase.maybeTold.has(amount.minor))
      watch.complain(`F13: ${purchaseId} is fulfilled at an old price`)
  }

  let started = 0
  let kills = 0
  const instances: Instance[] = []
  async function boot(): Promise<void> {
    started += 1
    const name = `shop-${started}`
    note(`${name} starts`)
    // The only process on its database takes its dead predecessor's claims away; of several nobody may.
    if (profile.instances === 1) await store.releaseClaims()
    instances.push(startInstance(name, dice.fork(name), surroundings))
  }
  const living = () => instances.filter(({ isDead }) => !isDead)

  /** Somebody's supervisor notices a dead process and starts another. */
  async function revive(): Promise<void> {
    for (let i = instances.length - 1; i >= 0; i--) {
      if (!instances[i]?.isDead) continue
      instances.splice(i, 1)
      kills += 1
    }
    while (instances.length < profile.instances) await boot()
  }

  let presses = 0
  async function press(purchase: Purchase): Promise<void> {
    const shop = living().at(buyers.int(0, Math.max(0, living().length - 1)))
    if (!shop) return
    presses += 1
    if (buyers.chance(0.25)) {
      purchase.keys += 1
      purchase.key = `key-of-${purchase.id}-${purchase.keys}`
    }
    const key = buyers.chance(0.1) ? null : purchase.key
    const shown = buyers.chance(0.3) ? purchase.price : buyers.chance(0.05) ? buyers.pick(PRICES) : null
    const before = key === null ? undefined : purchase.replies.get(key)
    const { priceVersion, price } = purchase
    const startedAt = clock.now()
    const number = presses
    note(`press ${number} ${purchase.id} ${key} at ${shop.name}`)
    purchase.pressing += 1
    purchase.maybeTold.add(price.minor)
    try {
      const { reply, created } = await shop.request((service) =>
        service.open({ order: purchase.order, shown, returnTo: '/thanks', lang: null, key, request: REQUEST }),
      )
      const isNewest = priceVersion === purchase.priceVersion
      if (isNewest && purchase.pressing === 1) purchase.maybeTold.clear()
      // What overtook a press that was priced before counts more than its late answer.
      purchase.maybeTold.add(bdt(reply.amount).minor)
      if (isNewest || !purchase.told) purchase.told = bdt(reply.amount)
      purchase.toldAt = clock.now()
      note(`press ${number} ${created ? 'opened' : 'resumed'} ${reply.reference}`)
      watch.handedOut(purchase.id, reply)
      const order = gateway.order(reply.paymentUrl)
      if (priceVersion === purchase.priceVersion && order.amount.minor !== price.minor) {
        watch.complain(`F13: ${purchase.id} costs ${price.minor} and was opened at ${order.amount.minor}`)
      }
      if (before && before.priceVersion === purchase.priceVersion && before.reply.paymentUrl !== reply.paymentUrl) {
        if (gateway.isPayable(gateway.order(before.reply.paymentUrl))) watch.complain(`F6: ${key} changed its link`)
      }
      if (key !== null) purchase.replies.set(key, { reply, priceVersion })
      // Some answers do not make it to the page.
      if (!buyers.chance(0.1)) purchase.token = reply.token
    } catch (error) {
      refused(purchase, number, startedAt, error)
    }
    purchase.pressing -= 1
    const tookMs = clock.now() - startedAt
    const isOnTime = !profile.clockJumps && !profile.freezes
    if (isOnTime && tookMs > 21 * SECOND) watch.complain(`V6: press ${number} took ${tookMs} ms`)
  }

  function refused(purchase: Purchase, number: number, startedAt: number, error: unknown): void {
    if (error instanceof ConnectionLost) {
      note(`press ${number} lost`)
      return
    }
    if (!(error instanceof ProblemError)) {
      note(`press ${number} threw ${error}`)
      watch.complain(`V9: a press threw ${error instanceof Error ? error.stack : error}`)
      return
    }
    note(`press ${number} ${error.code}`)
    const mayWait = gateway.orders.some((order) => order.state === 'processing') || watch.mayBePaid(purchase.id)
    if (startedAt - calmSince > MINUTE && !mayWait && !['already-paid', 'price-changed'].includes(error.code)) {
      watch.complain(`F10: ${purchase.id} cannot be opened in calm times: ${error.code}`)
    }
    if (error.code !== 'already-paid') return
    purchase.token = error.extras.token ?? purchase.token
    const isHonest = profile.lies === 0
    if (isHonest && !watch.mayBePaid(purchase.id)) watch.complain(`${purchase.id} is called paid and nothing was paid`)
  }

  async function look(purchase: Purchase, how: 'status' | 'return' | 'check'): Promise<void> {
    const { token } = purchase
    const shop = living().at(0)
    if (!token || !shop) return
    const wasPaid = purchase.sawPaid
    const startedAt = clock.now()
    try {
      if (how === 'return') await shop.request((service) => service.returned(token, { ask: buyers.chance(0.9) }))
      const status = await shop.request((service, operator) =>
        how === 'check' ? operator.check(token) : service.status(token),
      )
      note(`${how} ${purchase.id} ${status?.state} ${status?.reference}`)
      if (!status) watch.complain(`the token of ${purchase.id} became unknown`)
      else watch.saw(purchase.id, status, wasPaid)
      purchase.sawPaid ||= status?.state === 'paid'
    } catch (error) {
      note(`${how} ${purchase.id} ${error instanceof ProblemError ? error.code : error}`)
      if (!(error instanceof ProblemError || error instanceof ConnectionLost))
        watch.complain(`V9: ${how} threw ${error}`)
    }
    const tookMs = clock.now() - startedAt
    // Background rounds may make the clock of this world late by up to 400 ms each, on top of the 3 s that a visit waits.
    const longest = how === 'status' ? 5 * SECOND : 10 * SECOND
    if (how !== 'check' && !profile.clockJumps && !profile.freezes && tookMs > longest)
      watch.complain(`V6: ${how} took ${tookMs} ms`)
  }

  /** The buyer, the bank or time acts on an order whose address is out. */
  function moveOrder(): void {
    const reachable = gateway.orders.filter((order) => watch.isOut(order))
    if (!reachable.length) return
    const order = buyers.pick(reachable)
    const to = buyers.weighted({ paid: 6, cancelled: 2, failed: 2, processing: 1, expired: 1 })
    const isLate = profile.lateSettlements && to === 'paid' && order.paidAt === null && buyers.chance(0.5)
    const moved = gateway.move(order, to, { reason: buyers.pick(REASONS), force: isLate })
    if (moved && to === 'processing') watch.onItsWay(order)
    note(`${order.orderId} ${to} ${moved}`)
  }

  function changePrice(purchase: Purchase): void {
    purchase.price = buyers.pick(PRICES)
    purchase.priceVersion += 1
    note(`price ${purchase.id} ${purchase.price.minor}`)
  }

  async function act(): Promise<void> {
    const purchase = buyers.pick(purchases)
    const what = buyers.weighted({
      press: 10,
      twoPresses: 3,
      move: 14,
      status: 4,
      return: 3,
      check: profile.lies > 0 ? 3 : 0.5,
      price: profile.priceChanges ? 2 : 0,
      arm: profile.crashes ? 3 : 0,
      kill: profile.crashes ? 1.5 : 0,
      jump: profile.clockJumps ? 1 : 0,
      freeze: profile.freezes ? 3 : 0,
    })
    if (what === 'press') await press(purchase)
    if (what === 'twoPresses') await Promise.all([press(purchase), press(purchase), press(buyers.pick(purchases))])
    if (what === 'move') moveOrder()
    if (what === 'status' || what === 'return' || what === 'check') await look(purchase, what)
    if (what === 'price') changePrice(purchase)
    if (what === 'arm') living().at(-1)?.arm(buyers.pick(CRASH_POINTS), buyers.int(1, 2))
    if (what === 'kill') living().at(-1)?.kill()
    if (what === 'freeze') {
      const ms = buyers.pick([2, 12, 25, 60]) * SECOND
      const shop = living().at(-1)
      note(`${shop?.name} freezes for ${ms}`)
      shop?.freeze(ms)
    }
    if (what === 'jump') {
      const ms = buyers.pick([-20 * SECOND, -2 * SECOND, 5 * SECOND, 30 * SECOND, 3 * MINUTE, 10 * MINUTE])
      clock.jump(ms)
      note(`the clock jumps ${ms}`)
    }
  }

  /** When background work could find something to do: the earliest due row that nobody has leased. */
  function workAt(): number {
    let at = Number.POSITIVE_INFINITY
    for (const row of memory.tables.attempts.values()) {
      if (row.next_check_at !== null) at = Math.min(at, Math.max(row.next_check_at, row.lease_until))
    }
    for (const row of memory.tables.deliveries.values()) {
      if (row.next_try_at !== null) at = Math.min(at, Math.max(row.next_try_at, row.lease_until))
    }
    return at
  }

  /** Runs the world until `end`, or until nothing is left to happen. */
  async function go(end: number): Promise<void> {
    for (;;) {
      do await turn()
      while (busy.count > 0)
      if (watch.violations.length > 3) return
      const rounds = living().flatMap((instance) => instance.rounds)
      const work = workAt()
      const roundAt = rounds.length ? Math.max(work, Math.min(...rounds.map(({ at }) => at))) : Number.POSITIVE_INFINITY
      const timerAt = clock.nextAt ?? Number.POSITIVE_INFINITY
      if (Math.min(roundAt, timerAt) > end) break
      if (timerAt <= roundAt) {
        clock.step()
        continue
      }
      // Ticks that would find nothing are left out; one that finds something may be late.
      clock.jump(Math.max(0, roundAt - clock.now()) + schedule.int(0, 400))
      const due = rounds.filter(({ at }) => at <= clock.now())
      const round = schedule.pick(due.length ? due : rounds)
      for (const instance of living()) {
        const list = instance.rounds as { at: number; start: () => void }[]
        const index = list.indexOf(round)
        if (index >= 0) list.splice(index, 1)
      }
      round.start()
    }
    if (clock.now() < end) clock.jump(end - clock.now())
  }

  await revive()
  for (let i = 0; i < profile.actions; i++) {
    // In bursts: what happens close together is what interferes.
    const at = buyers.chance(0.5) ? buyers.int(0, 3 * SECOND) : buyers.int(0, LENGTH)
    clock.after(at, () => void act())
    if (profile.crashes) clock.after(at + buyers.int(50, 20 * SECOND), () => void revive())
  }
  await go(START + LENGTH + 40 * SECOND)

  note('calm')
  isCalm = true
  calmSince = clock.now()
  await revive()
  for (const instance of instances) instance.arm('before-answer', Number.POSITIVE_INFINITY)
  await go(clock.now() + (profile.wholeDay ? 26 * HOUR : 75 * MINUTE))
  watch.settled()

  for (const purchase of purchases) {
    await Promise.all([
      (async () => {
        await press(purchase)
        await look(purchase, 'status')
      })(),
      go(clock.now() + 30 * SECOND),
    ])
  }
  if (memory.tables.payments.size) checkNoClaims(memory, clock.now(), watch.complain)
  for (const instance of instances) instance.kill()
  await turn()

  return {
    seed,
    hash: hash.toString(16).padStart(8, '0'),
    violations: watch.violations,
    trace,
    profile,
    presses,
    kills,
    paid: gateway.orders.filter(({ paidAt }) => paidAt !== null).length,
  }
}

/** In calm times no purchase may stay locked. */
function checkNoClaims({ tables }: MemoryStore, now: number, complain: (sentence: string) => void): void {
  for (const payment of tables.payments.values()) {
    if (payment.claim !== null && payment.claim_until < now + 20_000 && payment.claim_until > now) {
      complain(`F10: ${payment.purchase_id} is still being opened by ${payment.claim}`)
    }
  }
}

const REQUEST = new Request('https://shop.example/ipay/orders', { method: 'POST' })
