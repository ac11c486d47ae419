import type { Clock } from '../../src/server/clock.ts'

interface Timer {
  readonly dueAt: number
  readonly order: number
  readonly task: () => void
  isCancelled: boolean
}

/** The hour and every timer of a simulated world. */
export interface SimulatedClock extends Clock {
  /** When the next timer is due; undefined when none waits. */
  readonly nextAt: number | undefined
  /** Goes to the next timer and runs it. False when none waits. */
  step(): boolean
  /** Moves the hour alone, as for a machine that slept: timers that fell due meanwhile run late. */
  jump(ms: number): void
}

export function simulatedClock(startAt: number): SimulatedClock {
  let hour = startAt
  let made = 0
  /** A binary heap by due time, then by age. */
  const heap: Timer[] = []
  const isBefore = (a: Timer, b: Timer) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order)

  function push(timer: Timer): void {
    let at = heap.push(timer) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      if (!isBefore(timer, heap[up] as Timer)) break
      heap[at] = heap[up] as Timer
      at = up
    }
    heap[at] = timer
  }
  function pop(): Timer | undefined {
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= heap.length) break
      if (down + 1 < heap.length && isBefore(heap[down + 1] as Timer, heap[down] as Timer)) down += 1
      if (!isBefore(heap[down] as Timer, last)) break
      heap[at] = heap[down] as Timer
      at = down
    }
    heap[at] = last
    return top
  }
  function peek(): Timer | undefined {
    while (heap[0]?.isCancelled) pop()
    return heap[0]
  }

  return {
    now: () => hour,
    after(ms, task) {
      made += 1
      const timer = { dueAt: hour + Math.max(0, ms), order: made, task, isCancelled: false }
      push(timer)
      return () => {
        timer.isCancelled = true
      }
    },
    get nextAt() {
      return peek()?.dueAt
    },
    step() {
      const timer = peek()
      if (!timer) return false
      pop()
      hour = Math.max(hour, timer.dueAt)
      timer.task()
      return true
    },
    jump(ms) {
      hour += ms
    },
  }
}
