import { type PageClock, stopClock } from './clock.ts'

const { href } = location
const undos: (() => void)[] = []

/** Has something undone when the test is over, however it ends. */
export const atEnd = (undo: () => void): void => void undos.push(undo)

/** `stopClock`, for this test alone. */
export function stopClockForTest(): PageClock {
  const clock = stopClock()
  atEnd(clock.release)
  return clock
}

/** After each test of a suite: what it changed is undone, nothing stays stored, and the address is the page's own. */
export function cleanUpAfterEach(): void {
  afterEach(() => {
    for (const undo of undos.splice(0).reverse()) undo()
    localStorage.clear()
    history.replaceState(null, '', href)
  })
}
