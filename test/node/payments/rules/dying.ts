import type { CrashPoint } from '../../../../src/server/crash-points.ts'

/** Thrown where the process would be gone. */
export class Died extends Error {}

/** Ends the work of an instance the first time that it gets to `point`. */
export function diesAt(point: CrashPoint): (reached: CrashPoint) => void {
  return (reached) => {
    if (reached === point) throw new Died(point)
  }
}
