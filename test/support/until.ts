import { setTimeout as pause } from 'node:timers/promises'

/** How long a condition may take, and how often it is looked at; both in milliseconds. */
export interface UntilOptions {
  readonly within?: number
  readonly every?: number
}

/**
 * Waits for a condition instead of a guess of how long something takes: resolves with the first value that is neither
 * `undefined`, `null` nor `false`, and throws a sentence with `what` and the last fault when the time (60 s) is over.
 */
export async function until<T>(
  what: string,
  read: () => T | Promise<T>,
  { within = 60_000, every = 50 }: UntilOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + within
  let fault: unknown
  do {
    try {
      const value = await read()
      if (value !== undefined && value !== null && value !== false) {
        return value as Exclude<T, undefined | null | false>
      }
      fault = undefined
    } catch (error) {
      fault = error
    }
    await pause(every)
  } while (performance.now() < end)
  throw new Error(`waited ${within} ms in vain for: ${what}`, { cause: fault })
}

/**
 * Asks something that changes nothing, again if the first asking fails: a page that is just leaving for the next one
 * answers nothing. Rethrows the last fault after a minute.
 */
export async function askAgain<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + 60_000
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (performance.now() > end) throw error
      await pause(25)
    }
  }
}
