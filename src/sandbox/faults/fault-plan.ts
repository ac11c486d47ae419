import type { Fault, FaultPlace } from './fault.ts'

/** The faults that are set at the moment, and how often each may still strike. */
export class FaultPlan {
  #faults: { readonly fault: Fault; left: number }[] = []

  /** Puts a new script in the place of the old one. */
  replace(faults: readonly Fault[]): void {
    this.#faults = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }))
  }

  /** The faults that have not been used up. */
  current(): Fault[] {
    return this.#faults.filter(({ left }) => left > 0).map(({ fault }) => fault)
  }

  /** The fault that strikes this exchange, if any; that is one strike of it. */
  take(place: FaultPlace): Fault | undefined {
    const next = this.#faults.find(({ fault, left }) => fault.on === place && left > 0)
    if (next) next.left -= 1
    return next?.fault
  }
}
