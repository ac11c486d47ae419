import type { Store } from '../../src/server/store/port.ts'
import { type ScriptedGateway, scriptedGateway } from '../support/scripted-gateway.ts'
import { watchedStore } from '../support/watched-store.ts'
import { type SimulatedClock, simulatedClock } from './clock.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'
import { drawProfile, openBehaviour, type Profile, readBehaviour } from './profile.ts'
import { newPurchases, type Purchase } from './purchase.ts'
import { type Dice, diceOf } from './random.ts'
import { createTrace, type Trace } from './trace.ts'
import { createWatch, type Watch } from './watch.ts'

/** When every history begins. */
export const START = Date.UTC(2026, 10, 21, 12)

export interface WorldOptions {
  /** Keep every line, for a person. */
  readonly keepTrace?: boolean
  /** A second store that everything is done to as well, and compared. */
  readonly beside?: (store: MemoryStore) => Store
}

/** What buyers, shops, gateway, database, network and clock of one history share. */
export interface World {
  readonly profile: Profile
  readonly clock: SimulatedClock
  readonly gateway: ScriptedGateway
  /** What is stored, to look at; the shops work on `store`. */
  readonly memory: MemoryStore
  readonly store: Store
  /** Calls of a real database that are on their way: it answers in real time, and the clock stands still meanwhile. */
  readonly busy: { readonly count: number }
  readonly watch: Watch
  readonly trace: Trace
  readonly purchases: readonly Purchase[]
  /** What the shops' own dice are forked from. */
  readonly dice: Dice
  readonly buyers: Dice
  readonly schedule: Dice
  /** The hour since which no more misfortunes happen. */
  calmSince: number
}

export const isCalm = ({ calmSince }: World): boolean => calmSince < Number.POSITIVE_INFINITY

/** The world of a seed before anything happened in it. */
export function createWorld(seed: number, options: WorldOptions): World {
  const dice = diceOf(seed, 'history')
  const profile = drawProfile(dice.fork('profile'))
  const clock = simulatedClock(START)
  const gateway = scriptedGateway({ clock, graceMs: profile.graceMs })
  const memory = memoryStore()
  const busy = { count: 0 }
  const network = dice.fork('network')
  const world: World = {
    profile,
    clock,
    gateway,
    memory,
    store: options.beside ? watchedStore(options.beside(memory), busy) : memory,
    busy,
    watch: createWatch(gateway, memory),
    trace: createTrace(clock, options.keepTrace ?? false),
    purchases: newPurchases(profile.purchases),
    dice,
    buyers: dice.fork('buyers'),
    schedule: dice.fork('schedule'),
    calmSince: Number.POSITIVE_INFINITY,
  }
  gateway.behave.open = () => (isCalm(world) ? { replyMs: 50 } : openBehaviour(network, profile))
  gateway.behave.read = ({ orderId }) =>
    isCalm(world) ? { replyMs: 50 } : readBehaviour(network, profile, orderId !== null)
  return world
}
