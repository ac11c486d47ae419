/** The same functions, each run through `guard`, which translates or retries the database's faults. */
export function guardedRows<T extends object>(rows: T, guard: <R>(work: () => Promise<R>) => Promise<R>): T {
  return new Proxy(rows, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => guard(() => Promise.resolve(Reflect.apply(member, target, args)))
    },
  })
}
