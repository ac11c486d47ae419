/** Counts work that is under way, so that an end can wait for it. */
export interface InFlight {
  /** The same function; each call counts until its promise settles. */
  watch<Args extends readonly unknown[], Result>(
    work: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result>
  /** Resolves when what is under way now has settled, and what that has begun. Work that begins later is not waited for. */
  ended(): Promise<void>
}

export function createInFlight(): InFlight {
  const running = new Set<Promise<unknown>>()
  const settled = () => Promise.allSettled([...running])
  return {
    watch:
      (work) =>
      (...args) => {
        const promise = work(...args)
        running.add(promise)
        const forget = () => void running.delete(promise)
        promise.then(forget, forget)
        return promise
      },
    async ended() {
      await settled()
      // Once more: an answer can go out while a question to the gateway that it began is still on its way.
      await settled()
    },
  }
}
