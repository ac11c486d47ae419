import { OrderRefused, type PaidPayment } from '../../src/server/payments/deps.ts'
import { type Instance, type Surroundings, startInstance } from './instance.ts'
import { type Dice, diceOf } from './random.ts'
import { isCalm, type World } from './world.ts'

const MINUTE = 60_000

/** The processes of the shop, and the supervisor that starts them. */
export interface Shops {
  readonly all: readonly Instance[]
  living(): Instance[]
  /** Somebody's supervisor notices a dead process and starts another. */
  revive(): Promise<void>
  /** How many died so far. */
  readonly kills: number
}

export function createShops(world: World): Shops {
  const { profile, clock, gateway, store, watch, purchases } = world
  const { note } = world.trace

  const surroundings: Surroundings = {
    clock,
    gateway,
    store,
    profile,
    isCalm: () => isCalm(world),
    skewMs: (name) => world.skewMs && diceOf(world.seed, name).int(-world.skewMs, world.skewMs),
    price(order) {
      const cart = (order as { cart?: string }).cart
      const purchase = purchases.find(({ id }) => id === cart)
      if (!purchase) throw new OrderRefused()
      return { purchaseId: purchase.id, amount: purchase.price, description: 'Two mugs' }
    },
    handle: (payment, own) => handle(payment, own),
    note,
    // A clock that jumps or differs, and a process that slept, outlive claims without being dead.
    opening: (reference, isAway) =>
      watch.opening(reference, () => profile.clockJumps || profile.freezes || world.skewMs > 0 || isAway()),
    complain(level, event, { error }) {
      note(`${level} ${event} ${error}`)
      if (clock.now() - world.calmSince > MINUTE) watch.complain(`V9: ${event} in calm times: ${error}`)
    },
    alarm: (kind, reference) => note(`alarm ${kind} ${reference}`),
  }

  /** The shop's paid handler: works, throws, throws after it worked, or hangs. */
  async function handle(payment: PaidPayment, own: Dice): Promise<void> {
    const bad = !isCalm(world) && own.chance(profile.handler)
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
    instances.push(startInstance(name, world.dice.fork(name), surroundings))
  }

  async function revive(): Promise<void> {
    for (let i = instances.length - 1; i >= 0; i--) {
      if (!instances[i]?.isDead) continue
      instances.splice(i, 1)
      kills += 1
    }
    while (instances.length < profile.instances) await boot()
  }

  return {
    all: instances,
    living: () => instances.filter(({ isDead }) => !isDead),
    revive,
    get kills() {
      return kills
    },
  }
}
