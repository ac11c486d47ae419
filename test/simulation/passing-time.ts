import { setImmediate as turn } from 'node:timers/promises'
import type { MemoryStore } from './memory-store.ts'
import type { Shops } from './shops.ts'
import type { World } from './world.ts'

/** When background work could find something to do: the earliest due row that nobody has leased. */
function workAt(memory: MemoryStore): number {
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
export async function go(world: World, shops: Shops, end: number): Promise<void> {
  const { clock, memory, busy, watch, schedule } = world
  for (;;) {
    do await turn()
    while (busy.count > 0)
    if (watch.violations.length > 3) return
    const rounds = shops.living().flatMap((instance) => instance.rounds)
    const work = workAt(memory)
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
    for (const instance of shops.living()) {
      const list = instance.rounds as { at: number; start: () => void }[]
      const index = list.indexOf(round)
      if (index >= 0) list.splice(index, 1)
    }
    round.start()
  }
  if (clock.now() < end) clock.jump(end - clock.now())
}
